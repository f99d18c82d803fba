"""The room as a Django app."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Named projects."""

    name = "workloom.work.projects"
    label = "projects"

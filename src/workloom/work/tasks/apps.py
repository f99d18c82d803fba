"""The room as a Django app."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Named tasks."""

    name = "workloom.work.tasks"
    label = "tasks"

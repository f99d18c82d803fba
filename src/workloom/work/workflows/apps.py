"""The room as a Django app."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """Named workflows."""

    name = "workloom.work.workflows"
    label = "workflows"

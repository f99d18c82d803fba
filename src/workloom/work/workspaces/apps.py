"""The room as a Django app."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    """Named workspaces."""

    name = "workloom.work.workspaces"
    label = "workspaces"

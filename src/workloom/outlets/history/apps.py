"""The room as a Django app, for its command."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """Named history."""

    name = "workloom.outlets.history"
    label = "history"

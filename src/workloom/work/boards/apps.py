"""The room as a Django app."""

from django.apps import AppConfig


class BoardsConfig(AppConfig):
    """Named boards."""

    name = "workloom.work.boards"
    label = "boards"

"""The room as a Django app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Named directory."""

    name = "workloom.work.directory"
    label = "directory"

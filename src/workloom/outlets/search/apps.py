"""The room as a Django app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Named search."""

    name = "workloom.outlets.search"
    label = "search"

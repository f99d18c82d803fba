"""The room as a Django app."""

from django.apps import AppConfig


class LinksConfig(AppConfig):
    """Named links."""

    name = "workloom.work.links"
    label = "links"

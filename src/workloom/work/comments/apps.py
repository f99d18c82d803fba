"""The room as a Django app."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """Named comments."""

    name = "workloom.work.comments"
    label = "comments"

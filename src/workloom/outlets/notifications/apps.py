"""The room as a Django app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Named notifications."""

    name = "workloom.outlets.notifications"
    label = "notifications"

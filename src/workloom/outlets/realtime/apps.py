"""The room as a Django app."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Named realtime."""

    name = "workloom.outlets.realtime"
    label = "realtime"

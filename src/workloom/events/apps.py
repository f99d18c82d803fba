"""The log as a Django app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Named events."""

    name = "workloom.events"
    label = "events"

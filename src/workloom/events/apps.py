"""The log as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    """Named events."""

    name = "workloom.events"
    label = "events"

    def ready(self) -> None:
        """Let every room register its jobs, in whatever process may work the queue."""
        autodiscover_modules("jobs")

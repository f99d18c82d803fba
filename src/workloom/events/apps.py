"""The log as a Django app."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules, import_string


class EventsConfig(AppConfig):
    """Named events."""

    name = "workloom.events"
    label = "events"

    def ready(self) -> None:
        """Let every room register its jobs, in whatever process may work the queue."""
        autodiscover_modules("jobs")
        import_module("workloom.events.post")  # which has the job that sends mail
        post_migrate.connect(_join_log, sender=self)


def _join_log(**_: Any) -> None:
    """By name, for the models exist only once all apps are loaded."""
    import_string("workloom.events.consumers.join_log")()

"""The log as a Django app."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


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
    """The models exist only once all apps are loaded, hence the import here."""
    from workloom.events.consumers import join_log  # noqa: PLC0415 - see above

    join_log()

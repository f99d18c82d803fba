"""Signs of life: each process that works the queue tells every few seconds that it is there."""

import logging
import os
import socket
import threading
from datetime import datetime, timedelta
from typing import Final

from django.db import Error, close_old_connections, connection
from django.db.models import Count, Max

from workloom.core.clock import now
from workloom.events.models import WorkerLife

logger = logging.getLogger("workloom.workers")
BEAT_S: Final = 5.0
SILENT_AFTER: Final = timedelta(seconds=60)
_FORGOTTEN_AFTER: Final = timedelta(days=1)


class Life:
    """Writes this process's row until it is ended, from a thread of its own: a long job keeps nobody from breathing."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._name = f"{socket.gethostname()[:100]}:{os.getpid()}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, name="workloom-life", daemon=True)

    def begin(self) -> None:
        """Show the first sign at once, then one every few seconds."""
        self._thread.start()

    def end(self, timeout_s: float = 1.0) -> None:
        """Say that this is an end and no accident, if the database answers in time; nothing if it never began."""
        if self._thread.ident is None:
            return
        self._over.set()
        self._thread.join(timeout_s)

    def _live(self) -> None:
        started = now()
        try:
            while True:
                close_old_connections()
                is_over = self._over.is_set()
                try:
                    breathe(self._name, self._kind, started_at=started, is_over=is_over)
                except Error as error:
                    logger.debug("No sign of life could be written: %s", error)
                if is_over:
                    return
                self._over.wait(BEAT_S)
        finally:
            connection.close()


def breathe(name: str, kind: str, *, started_at: datetime, is_over: bool = False) -> None:
    """Write one sign of life, and forget processes of which nothing was heard for a day."""
    moment = now()
    values = {"kind": kind, "started_at": started_at, "seen_at": moment, "ended_at": moment if is_over else None}
    if WorkerLife.objects.filter(pk=name).update(**values):
        return
    WorkerLife.objects.filter(seen_at__lt=moment - _FORGOTTEN_AFTER).delete()
    WorkerLife.objects.update_or_create(pk=name, defaults=values)


def last_sign_of_life() -> datetime | None:
    """Return when any worker was last heard of, one that ended in good order included."""
    last: datetime | None = WorkerLife.objects.aggregate(last=Max("seen_at"))["last"]
    return last


def count_living() -> dict[str, int]:
    """Return how many processes work the queue now, by kind."""
    living = WorkerLife.objects.filter(ended_at__isnull=True, seen_at__gte=now() - SILENT_AFTER)
    return dict(living.order_by().values_list("kind").annotate(count=Count("pk")))

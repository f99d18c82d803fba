"""A process that works the queue: one thread follows the log, two see to regular duties, the rest carry out jobs lane by lane."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from workloom.core.clock import now
from workloom.core.prepared import prepared
from workloom.events.consumers import run_consumers
from workloom.events.footing import Footing, keep_on
from workloom.events.hints import Listener
from workloom.events.jobs import due_jobs, give_back_jobs, run_due
from workloom.events.lives import Life
from workloom.events.models import Consumer, Head, Lane, LogRow
from workloom.events.publish import make_head, publish
from workloom.events.ticks import run_frequent_ticks, run_rare_ticks

logger = logging.getLogger("workloom.workers")
LANES: Final[dict[str, int]] = {Lane.QUICK: 2, Lane.MAIL: 1, Lane.HOOKS: 4}
"""How many jobs of a lane one process runs at a time."""
_LOOK_S: Final = 1.0
_GLANCE_S: Final = 0.2


def look() -> list[str]:
    """Number new events and let the consumers read them; name the lanes in which work is due."""
    has_unnumbered, has_unread, lanes = _to_do()
    if not has_unnumbered and not has_unread:
        return lanes
    if has_unnumbered:
        publish()
    run_consumers()
    return _to_do()[2]


def _to_do() -> tuple[bool, bool, list[str]]:
    """Ask everything in one query: most looks find nothing to do."""
    names = tuple(settings.CONSUMERS)
    found = _asked.first(now(), names=names)
    if found is None:
        make_head()
        found = _asked.first(now(), names=names) or ()
    has_unnumbered, has_unread, *are_due = found
    return has_unnumbered, has_unread, [lane for lane, is_due in zip(LANES, are_due, strict=True) if is_due]


@prepared
def _asked(at: datetime, *, names: tuple[str, ...]) -> QuerySet[Head, tuple[bool, ...]]:
    unread = Consumer.objects.filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=at), name__in=names, seq__lt=OuterRef("seq")
    )
    unnumbered = LogRow.objects.filter(seq__isnull=True)
    due = [Exists(due_jobs(lane, at)) for lane in LANES]
    return Head.objects.filter(pk=1).values_list(Exists(unnumbered), Exists(unread), *due)


class Worker:
    """Threads that do one step after the other until they are told to stop, each on a kept connection."""

    def __init__(self, kind: str) -> None:
        self._stop = threading.Event()
        self._life = Life(kind)
        self._listener = Listener()
        self._bells = {lane: [threading.Event() for _ in range(count)] for lane, count in LANES.items()}
        self._threads = [
            self._thread("log", self._look_and_wait),
            self._thread("duties", self._duties(run_frequent_ticks)),
            self._thread("upkeep", self._duties(run_rare_ticks)),
            *(
                self._thread(f"{lane}-{number}", self._lane(lane, bell))
                for lane, bells in self._bells.items()
                for number, bell in enumerate(bells, 1)
            ),
        ]

    def _thread(self, name: str, step: Callable[[Footing], None]) -> threading.Thread:
        return threading.Thread(target=keep_on, args=(step, self._stop), name=f"workloom-{name}", daemon=True)

    def run(self, stop: threading.Event, *, grace_s: float) -> None:
        """Block until `stop` is set; jobs that do not end within the grace are given back for others to start again."""
        self._life.begin()
        for thread in self._threads:
            thread.start()
        stop.wait()
        self._end(grace_s)

    def _end(self, grace_s: float) -> None:
        deadline = time.monotonic() + grace_s
        self._stop.set()
        self._ring(list(LANES))
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            _give_back()
        self._listener.close()
        self._life.end()

    def _ring(self, lanes: list[str]) -> None:
        for lane in lanes:
            for bell in self._bells[lane]:
                bell.set()

    def _look_and_wait(self, footing: Footing) -> None:
        footing.renew()
        self._ring(look())
        until = time.monotonic() + _LOOK_S
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            if self._listener.wait(min(left, _GLANCE_S)):
                return

    def _duties(self, run: Callable[[], object]) -> Callable[[Footing], None]:
        def step(footing: Footing) -> None:
            footing.renew()
            run()
            self._stop.wait(_LOOK_S)

        return step

    def _lane(self, lane: str, bell: threading.Event) -> Callable[[Footing], None]:
        def step(footing: Footing) -> None:
            bell.wait()
            bell.clear()
            footing.renew()
            while not self._stop.is_set() and run_due(1, lane, stop=self._stop):
                pass

        return step


def _give_back() -> None:
    try:
        give_back_jobs()
    except (OperationalError, InterfaceError) as error:
        logger.warning("What was begun waits for the end of its lease: %s", error)
    finally:
        connection.close()

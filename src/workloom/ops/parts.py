"""What this process needs from outside, each asked in the cheapest way that proves it works."""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from workloom import __version__
from workloom.core.clock import now
from workloom.events.consumers import list_consumers, oldest_unnumbered_s
from workloom.events.lives import SILENT_AFTER, last_sign_of_life
from workloom.events.ticks import oldest_overdue_s
from workloom.ops.migrating import missing_migrations
from workloom.ops.rows import Health

logger = logging.getLogger("workloom.ops")
_PROBE = "ops:probe"
began: float = time.monotonic()
"""When this process started: for a minute it takes for granted that workers are starting too."""


class NotConnected(Exception):
    """A part that answers, but not what it was told."""


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _ask_cache() -> None:
    told = secrets.token_hex(4)
    cache.set(_PROBE, told, timeout=60)
    if cache.get(_PROBE) is None:
        raise NotConnected("it forgot what it was told")


def _ask_migrations() -> None:
    missing = missing_migrations()
    if missing:
        raise NotConnected(f"{len(missing)} migrations are not applied")


def _ask_jobs() -> None:
    if time.monotonic() - began < SILENT_AFTER.total_seconds():
        return
    last = last_sign_of_life()
    if last is None or now() - last > SILENT_AFTER:
        raise NotConnected("no worker has shown life for a minute")
    overdue = oldest_overdue_s()
    if overdue > settings.EVENTS_LAG_LIMIT:
        raise NotConnected(f"a regular duty is {overdue:.0f} s overdue; with JOBS=celery, is beat running?")


def _ask_events() -> None:
    waits = {each.name: each.lag_s for each in list_consumers()} | {"publication": oldest_unnumbered_s()}
    late = [f"{name} is {lag_s:.0f} s behind" for name, lag_s in waits.items() if lag_s > settings.EVENTS_LAG_LIMIT]
    if late:
        raise NotConnected(", ".join(late))


_PARTS: Final[dict[str, Callable[[], None]]] = {"database": _ask_database, "cache": _ask_cache}
_IN_DATABASE: Final[dict[str, tuple[Callable[[], None], str, str]]] = {
    "jobs": (_ask_jobs, "connected", "disconnected"),
    "events": (_ask_events, "current", "behind"),
}


def is_connected(name: str, ask: Callable[[], None]) -> bool:
    """Any failure of a driver means no; cache clients have no common error class, so all are caught and logged."""
    try:
        ask()
    except Exception:
        logger.warning("Not connected: %s", name, exc_info=True)
        return False
    return True


def health() -> Health:
    words = {name: "connected" if is_connected(name, ask) else "disconnected" for name, ask in _PARTS.items()}
    failing = [name for name, word in words.items() if word == "disconnected"]
    for name, (ask, good, bad) in _IN_DATABASE.items():
        if "database" in failing:
            words[name] = "unknown"
        elif is_connected(name, ask):
            words[name] = good
        else:
            words[name] = bad
            failing.append(name)
    return Health(
        status="unhealthy" if failing else "healthy",
        database=words["database"],
        cache=words["cache"],
        jobs=words["jobs"],
        events=words["events"],
        failing=failing,
        release=__version__,
    )


def failing_parts() -> list[str]:
    """What keeps this process from serving requests, the database's shape included."""
    asked = _PARTS | {"migrations": _ask_migrations}
    return [name for name, ask in asked.items() if not is_connected(name, ask)]

"""What this process needs from outside, each asked in the cheapest way that proves it works."""

import logging
import secrets
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection

from workloom import __version__
from workloom.ops.migrating import missing_migrations
from workloom.ops.rows import Health

logger = logging.getLogger("workloom.ops")
_PROBE = "ops:probe"


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


_PARTS: dict[str, Callable[[], None]] = {"database": _ask_database, "cache": _ask_cache}


def is_connected(name: str, ask: Callable[[], None]) -> bool:
    """Any failure of a driver means no; cache clients have no common error class, so all are caught and logged."""
    try:
        ask()
    except Exception:
        logger.warning("Not connected: %s", name, exc_info=True)
        return False
    return True


def health() -> Health:
    connected = {name: is_connected(name, ask) for name, ask in _PARTS.items()}
    failing = [name for name, works in connected.items() if not works]
    words = {name: "connected" if works else "disconnected" for name, works in connected.items()}
    return Health("unhealthy" if failing else "healthy", words["database"], words["cache"], failing, __version__)


def failing_parts() -> list[str]:
    """What keeps this process from serving requests, the database's shape included."""
    asked = _PARTS | {"migrations": _ask_migrations}
    return [name for name, ask in asked.items() if not is_connected(name, ask)]

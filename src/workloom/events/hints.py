"""Wake-ups between processes: they carry nothing, may get lost, and only save whoever listens the wait for its next look."""

import contextlib
import hashlib
import logging
import sqlite3
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from workloom.core.db import vendor
from workloom.core.redis_clients import redis_client

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger("workloom.hints")
CHANNEL: Final = "workloom_hints"
"""What PostgreSQL calls them."""
_REDIS_TIMEOUT_S: Final = 1.0
_SILENCE_S: Final = 5.0
_GLANCE_S: Final = 0.02
_POLL_S: Final = 0.1


class Source(Protocol):
    """Where hints come from; `wait` may raise OSError when it is lost, and then a new one is made."""

    def wait(self, timeout_s: float) -> bool: ...

    def close(self) -> None: ...


class _RedisTeller:
    """Tells by Redis, and keeps quiet for a while when it does not answer: no writer waits for it twice."""

    def __init__(self) -> None:
        self._client = redis_client(settings.REDIS_URL, timeout_s=_REDIS_TIMEOUT_S)
        self._quiet_until = 0.0

    def tell(self) -> None:
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._client.publish(_redis_channel(), b"")
        except (import_module("redis").RedisError, OSError) as error:
            self._quiet_until = time.monotonic() + _SILENCE_S
            logger.warning("Redis takes no hints for now, readers look by themselves: %s", error)


_tellers: dict[str, _RedisTeller] = {}


def tell() -> None:
    """Wake whoever listens, in any process; called after the commit of what there is to see."""
    if settings.REDIS_URL:
        teller = _tellers.setdefault(settings.REDIS_URL, _RedisTeller())
        teller.tell()
    elif are_told_by_database():
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
    wake()


def are_told_by_database() -> bool:
    """Tell whether PostgreSQL carries the hints: a statement can then tell with its own commit."""
    return vendor() == "postgresql" and not settings.REDIS_URL


def wake() -> None:
    """Wake the workers that wait for messages instead of hints."""
    if settings.WAKER:
        import_string(settings.WAKER)()


def _redis_channel() -> str:
    """One installation's own, also when several share a Redis."""
    place = connection.settings_dict
    told = f"{place['HOST']}:{place['PORT']}:{place['NAME']}"
    return f"workloom:hints:{hashlib.sha256(told.encode()).hexdigest()[:16]}"


class Listener:
    """Waits for hints on a connection of its own; belongs to one thread. A lost source is replaced, and counts as a hint."""

    def __init__(self) -> None:
        self._source: Source | None = None
        self._lost_at = float("-inf")

    def wait(self, timeout_s: float) -> bool:
        """Block until a hint comes (True) or the time is over (False); without a source it just waits."""
        try:
            if self._source is None:
                return self._connect(timeout_s)
            return self._source.wait(timeout_s)
        except _lost_errors() as error:
            logger.warning("Hints are cut off, looking each second until they are back: %s", error)
            self._lost_at = time.monotonic()
            self.close()
            return False

    def _connect(self, timeout_s: float) -> bool:
        """True at once when there is a source: what happened before it was there told nobody."""
        pause = self._lost_at + 1 - time.monotonic()
        if pause > 0:
            time.sleep(min(pause, timeout_s))
            return True
        self._source = _new_source()
        return True

    def close(self) -> None:
        """Give the connection back."""
        source, self._source = self._source, None
        if source is not None:
            with contextlib.suppress(*_lost_errors()):
                source.close()


def _new_source() -> Source:
    if settings.REDIS_URL:
        return _FromRedis()
    kinds: dict[str, Callable[[], Source]] = {"postgresql": _FromPostgres, "sqlite": _FromSqlite}
    return kinds.get(vendor(), _ByTheClock)()


def _lost_errors() -> tuple[type[BaseException], ...]:
    errors: list[type[BaseException]] = [OSError, sqlite3.Error]
    if settings.REDIS_URL:
        errors.append(import_module("redis").RedisError)
    elif vendor() == "postgresql":
        errors.append(import_module("psycopg").Error)
    return tuple(errors)


class _FromRedis:
    def __init__(self) -> None:
        self._client = redis_client(settings.REDIS_URL, timeout_s=None)
        self._pubsub: Any = self._client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call] # theirs
        self._pubsub.subscribe(_redis_channel())

    def wait(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            if self._pubsub.get_message(timeout=left) is not None:
                while self._pubsub.get_message(timeout=0) is not None:
                    pass
                return True
        return False

    def close(self) -> None:
        self._pubsub.close()
        self._client.close()


class _FromPostgres:
    def __init__(self) -> None:
        parameters: dict[str, Any] = connection.get_connection_params()
        kept = {name: value for name, value in parameters.items() if name in _CONNINFO}
        self._connection = import_module("psycopg").connect(**kept, autocommit=True)
        self._connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, timeout_s: float) -> bool:
        heard = False
        for _ in self._connection.notifies(timeout=timeout_s, stop_after=1):
            heard = True
        return heard

    def close(self) -> None:
        self._connection.close()


_CONNINFO: Final = frozenset(
    {"dbname", "user", "password", "host", "port", "options", "service", "passfile", "sslmode", "sslrootcert", "sslcert",
     "sslkey", "connect_timeout", "application_name", "keepalives", "keepalives_idle", "keepalives_interval"}
)  # fmt: skip


class _FromSqlite:
    """The file's own counter of commits by other connections, looked at often: a look costs some microseconds."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
        self._seen = self._version()

    def _version(self) -> int:
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return version

    def wait(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while True:
            version = self._version()
            if version != self._seen:
                self._seen = version
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(_GLANCE_S, left))

    def close(self) -> None:
        self._connection.close()


class _ByTheClock:
    """MariaDB without Redis tells nobody anything: look ten times a second."""

    def wait(self, timeout_s: float) -> bool:
        time.sleep(min(_POLL_S, timeout_s))
        return True

    def close(self) -> None:
        """Nothing is held."""

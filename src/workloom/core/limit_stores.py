"""Where counts of limits live: in the process, in Redis, in the database or in a file beside SQLite's.

A store counts outside of any transaction of the request, so that a count survives its rollback. A window begins with
the first hit and ends with its time; the next hit opens another.
"""

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from workloom.core.redis_clients import redis_client

_MOST_BUCKETS = 100_000


@dataclass(frozen=True, slots=True)
class Hit:
    """What is added to one bucket; `cost` 0 only asks."""

    bucket: str
    cost: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Count:
    """What a bucket holds after a hit, and when its window ends, in milliseconds since 1970."""

    count: int
    ends_at: int


class Store(Protocol):
    """Adds atomically: of concurrent hits on one bucket each gets another count."""

    failures: tuple[type[Exception], ...]
    is_shared: bool

    def take(self, hits: Sequence[Hit], at: int) -> list[Count]:
        """Add hits, no two on one bucket, at an instant in milliseconds; counts come in the order of the hits."""
        ...

    def forget(self, bucket: str) -> None: ...

    def sweep(self, at: int) -> None:
        """Drop windows that have ended."""
        ...

    def close(self) -> None: ...


class ProcessStore:
    """Counts of this process alone."""

    failures: tuple[type[Exception], ...] = ()
    is_shared = False

    def __init__(self) -> None:
        self._counts: dict[str, Count] = {}
        self._lock = threading.Lock()

    def take(self, hits: Sequence[Hit], at: int) -> list[Count]:
        with self._lock:
            if len(self._counts) > _MOST_BUCKETS:
                self._make_room(at)
            return [self._add(hit, at) for hit in hits]

    def forget(self, bucket: str) -> None:
        with self._lock:
            self._counts.pop(bucket, None)

    def sweep(self, at: int) -> None:
        with self._lock:
            self._counts = {bucket: count for bucket, count in self._counts.items() if count.ends_at > at}

    def close(self) -> None:
        """Nothing is open."""

    def _add(self, hit: Hit, at: int) -> Count:
        old = self._counts.get(hit.bucket)
        if old is None or old.ends_at <= at:
            old = Count(0, at + hit.window_s * 1000)
        self._counts[hit.bucket] = new = Count(old.count + hit.cost, old.ends_at)
        return new

    def _make_room(self, at: int) -> None:
        """Against a flood of addresses: what has ended goes, then the older half."""
        alive = [(bucket, count) for bucket, count in self._counts.items() if count.ends_at > at]
        self._counts = dict(alive[-_MOST_BUCKETS // 2 :])


_TAKE_IN_REDIS = """
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    left = tonumber(ARGV[2])
end
return {count, left}
"""


class RedisStore:
    """Counts in Redis, by its clock: the given instant only translates what is left of a window."""

    failures: tuple[type[Exception], ...]
    is_shared = True

    def __init__(self, url: str) -> None:
        redis = import_module("redis")
        self.failures = (redis.RedisError, OSError)
        self._client = redis_client(url, timeout_s=1)
        self._script = self._client.register_script(_TAKE_IN_REDIS)

    def take(self, hits: Sequence[Hit], at: int) -> list[Count]:
        with self._client.pipeline(transaction=False) as pipe:
            for hit in hits:
                self._script(keys=[_redis_key(hit.bucket)], args=[hit.cost, hit.window_s * 1000], client=pipe)
            return [Count(int(count), at + int(left)) for count, left in pipe.execute()]

    def forget(self, bucket: str) -> None:
        self._client.delete(_redis_key(bucket))

    def sweep(self, at: int) -> None:
        """Redis drops what has ended by itself."""

    def close(self) -> None:
        self._client.close()


def _redis_key(bucket: str) -> str:
    return f"workloom:limit:{bucket}"


_UPSERT = """
INSERT INTO core_limitcount (bucket, count, ends_at) VALUES {rows}
ON CONFLICT (bucket) DO UPDATE SET
    count = excluded.count + CASE WHEN core_limitcount.ends_at > {at} THEN core_limitcount.count ELSE 0 END,
    ends_at = CASE WHEN core_limitcount.ends_at > {at} THEN core_limitcount.ends_at ELSE excluded.ends_at END
RETURNING bucket, count, ends_at
"""
# MariaDB assigns from left to right, so the count has to be decided before the end of the window is.
_UPSERT_MYSQL = """
INSERT INTO core_limitcount (bucket, count, ends_at) VALUES {rows}
ON DUPLICATE KEY UPDATE
    count = VALUES(count) + IF(ends_at > {at}, count, 0),
    ends_at = IF(ends_at > {at}, ends_at, VALUES(ends_at))
"""


class DatabaseStore:
    """Counts in the database, by one connection of each process that is in none of the requests' transactions."""

    failures: tuple[type[Exception], ...] = (DatabaseError, InterfaceError)
    is_shared = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._own: BaseDatabaseWrapper | None = None

    def take(self, hits: Sequence[Hit], at: int) -> list[Count]:
        values = [value for hit in sorted(hits, key=_by_bucket) for value in _row_of(hit, at)]
        with self._lock:
            own = self._connection()
            found = (_take_mysql if own.vendor == "mysql" else _take_returning)(own, values, at)
        return [found[hit.bucket] for hit in hits]

    def forget(self, bucket: str) -> None:
        self._run("DELETE FROM core_limitcount WHERE bucket = %s", bucket)

    def sweep(self, at: int) -> None:
        self._run("DELETE FROM core_limitcount WHERE ends_at <= %s", at)

    def close(self) -> None:
        with self._lock:
            if self._own is not None:
                self._own.close()
                self._own = None

    def _run(self, statement: str, value: str | int) -> None:
        with self._lock, self._connection().cursor() as cursor:
            cursor.execute(statement, [value])

    def _connection(self) -> BaseDatabaseWrapper:
        if self._own is None:
            self._own = connection.copy()
            self._own.inc_thread_sharing()
        self._own.close_if_unusable_or_obsolete()
        return self._own


def _by_bucket(hit: Hit) -> str:
    return hit.bucket


def _row_of(hit: Hit, at: int) -> tuple[str, int, int]:
    return hit.bucket, hit.cost, at + hit.window_s * 1000


def _statement(upsert: str, values: list[Any], at: int) -> str:
    return upsert.format(rows=", ".join(["(%s, %s, %s)"] * (len(values) // 3)), at=int(at))


def _take_returning(own: BaseDatabaseWrapper, values: list[Any], at: int) -> dict[str, Count]:
    with own.cursor() as cursor:
        cursor.execute(_statement(_UPSERT, values, at), values)
        return {bucket: Count(count, ends_at) for bucket, count, ends_at in cursor.fetchall()}


def _take_mysql(own: BaseDatabaseWrapper, values: list[Any], at: int) -> dict[str, Count]:
    """Read under the locks of the write: MySQL has no RETURNING."""
    buckets = values[::3]
    places = ", ".join(["%s"] * len(buckets))
    own.set_autocommit(False)
    try:
        with own.cursor() as cursor:
            cursor.execute(_statement(_UPSERT_MYSQL, values, at), values)
            cursor.execute(
                f"SELECT bucket, count, ends_at FROM core_limitcount WHERE bucket IN ({places})",  # noqa: S608 - only %s
                buckets,
            )
            found = {bucket: Count(count, ends_at) for bucket, count, ends_at in cursor.fetchall()}
        own.commit()
    finally:
        own.set_autocommit(True)
    return found


class FileStore:
    """Counts in a SQLite file of their own: in the main one they would wait for the request's transaction."""

    failures: tuple[type[Exception], ...] = (sqlite3.Error,)
    is_shared = True

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._own: sqlite3.Connection | None = None

    def take(self, hits: Sequence[Hit], at: int) -> list[Count]:
        with self._lock:
            values = [value for hit in hits for value in _row_of(hit, at)]
            statement = _statement(_UPSERT, values, at).replace("%s", "?")
            found = {row[0]: Count(row[1], row[2]) for row in self._run(statement, values)}
        return [found[hit.bucket] for hit in hits]

    def forget(self, bucket: str) -> None:
        with self._lock:
            self._run("DELETE FROM core_limitcount WHERE bucket = ?", [bucket])

    def sweep(self, at: int) -> None:
        with self._lock:
            self._run("DELETE FROM core_limitcount WHERE ends_at <= ?", [at])

    def close(self) -> None:
        with self._lock:
            if self._own is not None:
                self._own.close()
                self._own = None

    def _run(self, statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
        if self._own is None:
            self._own = self._opened()
        with closing(self._own.execute(statement, values)) as cursor:
            return cursor.fetchall()

    def _opened(self) -> sqlite3.Connection:
        own = sqlite3.connect(self._path, timeout=2, isolation_level=None, check_same_thread=False)
        own.execute("PRAGMA journal_mode=WAL")
        own.execute("PRAGMA synchronous=OFF")
        own.execute(
            "CREATE TABLE IF NOT EXISTS core_limitcount"
            " (bucket TEXT PRIMARY KEY, count INTEGER NOT NULL, ends_at INTEGER NOT NULL) WITHOUT ROWID"
        )
        return own

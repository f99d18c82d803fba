"""Clients of Redis by its address, be it one server or the master that Sentinels name at the moment.

Every wait is bounded here: left to its own defaults, redis-py 8 repeats a failed call ten times, and ends after five
seconds the connection of a client that only listens.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from workloom.core.sentinels import SENTINEL_SCHEME, Sentinels, parse_sentinels, scheme_of

if TYPE_CHECKING:
    from redis import ConnectionPool, Redis

_CONNECT_S: Final = 1.0
_SENTINEL_S: Final = 0.5
_CHECK_AFTER_IDLE_S: Final = 30


def redis_client(url: str, *, timeout_s: float | None) -> "Redis":
    """One for all threads; `timeout_s` bounds each answer, and None is for a client that waits for messages."""
    redis = import_module("redis")
    client: Redis = redis.Redis.from_pool(_pool(url, timeout_s))
    return client


def check_options(url: str) -> None:
    """Raise a ValueError when the client does not take what the address carries; nothing is connected."""
    redis = import_module("redis")
    try:
        _pool(url, _CONNECT_S).make_connection()
    except (TypeError, ValueError, redis.RedisError) as error:
        raise ValueError(f"carries an option that the Redis client does not take ({error})") from None


def _pool(url: str, timeout_s: float | None) -> "ConnectionPool":
    options: dict[str, Any] = {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": _CONNECT_S,
        "health_check_interval": _CHECK_AFTER_IDLE_S,
        "retry": _at_once(1),  # on a new connection: the old one may lead to a server that is master no more
    }
    pool: ConnectionPool
    if scheme_of(url) == SENTINEL_SCHEME:
        known = parse_sentinels(url)
        options |= {"db": known.database, **known.sign_in}
        pool = import_module("redis.sentinel").SentinelConnectionPool(known.service, _Discovery(known), **options)
    else:
        pool = import_module("redis").ConnectionPool.from_url(url, **options)
    return pool


def _at_once(times: int) -> Any:
    return import_module("redis.retry").Retry(import_module("redis.backoff").NoBackoff(), times)


@dataclass(frozen=True, slots=True)
class _Discovery:
    """Asks by connections of the moment: redis-py's own list of Sentinels loses some when two threads ask at once."""

    known: Sentinels

    def discover_master(self, service: str) -> tuple[str, int]:
        options = {"socket_timeout": _SENTINEL_S, "socket_connect_timeout": _SENTINEL_S, "retry": _at_once(0)}
        options |= self.known.own_sign_in
        with import_module("redis.sentinel").Sentinel(self.known.hosts, sentinel_kwargs=options) as sentinels:
            address: tuple[str, int] = sentinels.discover_master(service)
        return address

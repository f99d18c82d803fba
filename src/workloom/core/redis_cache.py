from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.cache.backends import redis

from workloom.core.redis_clients import redis_client

if TYPE_CHECKING:
    from redis import Redis

_ANSWER_S = 2.0


@cache
def shared_client(url: str) -> "Redis":
    """One for the process: Django makes a cache for each thread, and each would keep connections of its own."""
    return redis_client(url, timeout_s=_ANSWER_S)


class _Client(redis.RedisCacheClient):
    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._url = servers[0]

    def get_client(self, key: Any = None, *, write: bool = False) -> "Redis":
        return shared_client(self._url)


class RedisCache(redis.RedisCache):
    """Django's own, by our clients, so that it finds a master behind Sentinels too."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__([server], params)  # a list, because Django splits a text at its commas
        self._class = _Client

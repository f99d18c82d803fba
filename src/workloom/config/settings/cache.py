import importlib.util
from typing import Any

from workloom.config.settings.readers import Reader, SettingError

_read = Reader("Cache")

REDIS_URL = _read.url(
    "REDIS_URL",
    "Redis or Valkey for cache and limits; when unset both live in the process, so each worker counts by itself.",
    schemes=("redis", "rediss", "unix"),
    example="redis://cache.internal:6379/0",
)


def _cache() -> dict[str, Any]:
    if not REDIS_URL:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "workloom",
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    if importlib.util.find_spec("redis") is None:
        raise SettingError("REDIS_URL", "needs the Python package redis, which is missing", "Install workloom[redis].")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "workloom",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2, "health_check_interval": 30},
    }


CACHES = {"default": _cache()}

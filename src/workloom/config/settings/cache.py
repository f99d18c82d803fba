import importlib.util
from typing import Any

from workloom.config.settings.addresses import check_address, refused_address
from workloom.config.settings.readers import Reader, SettingError
from workloom.core.redis_clients import check_options
from workloom.core.sentinels import SENTINEL_SCHEME

_read = Reader("Cache and broker")

REDIS_URL = _read.url(
    "REDIS_URL",
    "Redis or Valkey for cache and limits, one server or a master behind Sentinels"
    f" (`{SENTINEL_SCHEME}://user:password@host:26379,host2:26379/service/0`; Sentinels with a password of their own"
    " get it by `?sentinel_password=`); when unset both live in the process, so each worker counts by itself.",
    schemes=("redis", "rediss", "unix", SENTINEL_SCHEME),
    example="redis://cache.internal:6379/0",
)
BROKER_URL = (
    _read.url(
        "BROKER_URL",
        "The broker that wakes Celery's workers with `JOBS=celery`; `REDIS_URL` when unset.",
        schemes=("redis", "rediss", "unix", SENTINEL_SCHEME, "amqp", "amqps"),
        example="amqp://workloom:password@broker.internal:5672/workloom",
    )
    or REDIS_URL
)


def _check_redis(url: str) -> None:
    check_address("REDIS_URL", url)
    if importlib.util.find_spec("redis") is None:
        raise SettingError("REDIS_URL", "needs the Python package redis, which is missing", "Install workloom[redis].")
    try:
        check_options(url)
    except ValueError as error:
        raise refused_address("REDIS_URL", url, str(error)) from None


def _cache() -> dict[str, Any]:
    if not REDIS_URL:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "workloom",
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    return {"BACKEND": "workloom.core.redis_cache.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "workloom"}


if REDIS_URL:
    _check_redis(REDIS_URL)
if BROKER_URL:
    check_address("BROKER_URL", BROKER_URL)

CACHES = {"default": _cache()}

"""What can be said of a server's address before anybody connects to it."""

from urllib.parse import urlsplit

from workloom.config.settings.readers import SettingError
from workloom.core.sentinels import SENTINEL_SCHEME, database_number, host_and_port, parse_sentinels, scheme_of

_SHAPES = {
    "redis": "redis://user:password@host:6379/0",
    "rediss": "rediss://user:password@host:6379/0",
    "unix": "unix:///run/redis/redis.sock?db=0",
    SENTINEL_SCHEME: f"{SENTINEL_SCHEME}://user:password@host:26379,host2:26379/service/0",
    "amqp": "amqp://user:password@host:5672/vhost",
    "amqps": "amqps://user:password@host:5671/vhost",
}


def refused_address(name: str, url: str, problem: str) -> SettingError:
    shape = _SHAPES[scheme_of(url)]
    return SettingError(name, problem, f"Write {name}={shape} with special characters of the password as %XX.")


def check_address(name: str, url: str) -> None:
    try:
        _check(url)
    except ValueError as error:
        raise refused_address(name, url, str(error)) from None


def _check(url: str) -> None:
    if scheme_of(url) == SENTINEL_SCHEME:
        parse_sentinels(url)
        return
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2]
    if parts.scheme == "unix":
        if where or not parts.path.strip("/"):
            raise ValueError("names no socket, whose path begins with the third slash")
    else:
        host_and_port(where, 0)
        if parts.scheme.startswith("redis"):
            database_number(parts.path.strip("/"))

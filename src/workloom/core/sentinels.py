"""The address of a Redis master that Sentinels watch: `redis+sentinel://user:password@host,host2:26379/service/0`."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

SENTINEL_SCHEME: Final = "redis+sentinel"
_PORT: Final = 26379
_OPTIONS: Final = ("sentinel_username", "sentinel_password")


@dataclass(frozen=True, slots=True)
class Sentinels:
    """Whom to ask for the master, and how to sign in there and to those who are asked."""

    hosts: tuple[tuple[str, int], ...]
    service: str
    database: int
    sign_in: dict[str, str] = field(repr=False)
    own_sign_in: dict[str, str] = field(repr=False)


def parse_sentinels(url: str) -> Sentinels:
    """A ValueError says what is wrong in words that go on behind the name of a setting."""
    rest = url.partition("://")[2]
    end = min(f"{rest}{sign}".find(sign) for sign in "/?#")
    who, _, where = rest[:end].rpartition("@")
    parts = urlsplit(f"//{rest[end:]}")
    hosts = tuple(host_and_port(each, _PORT) for each in where.split(","))
    service, _, database = parts.path.strip("/").partition("/")
    if not service:
        raise ValueError("names no service that the Sentinels watch")
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(options.keys() - set(_OPTIONS)):
        raise ValueError(f"carries {unknown[0]!r}, while a Sentinel's address takes only {' and '.join(_OPTIONS)}")
    username, _, password = who.partition(":")
    return Sentinels(
        hosts,
        unquote(service),
        database_number(database),
        _filled(username=unquote(username), password=unquote(password)),
        _filled(username=options.get(_OPTIONS[0], ""), password=options.get(_OPTIONS[1], "")),
    )


def scheme_of(url: str) -> str:
    """Return what an address begins with; the library may refuse to look where one of several hosts stands in brackets."""
    return url.partition("://")[0].lower()


def host_and_port(text: str, default: int) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("has a host or port that cannot be read") from None
    if not host:
        raise ValueError("names no host")
    return host, default if port is None else port


def database_number(text: str) -> int:
    if text and not text.isdecimal():
        raise ValueError("has no number where that of the database belongs")
    return int(text or 0)


def _filled(**parts: str) -> dict[str, str]:
    return {name: value for name, value in parts.items() if value}

"""A broker's address as the settings have it, in the words of Celery's client."""

import functools
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from workloom.core.sentinels import SENTINEL_SCHEME, parse_sentinels, scheme_of

# The client sets no bound by itself, and would then wait for ever on a connection that leads nowhere any more.
_REDIS_WAITS: Final[dict[str, Any]] = {
    "socket_connect_timeout": 2.0,
    "socket_timeout": 5.0,
    "socket_keepalive": True,
    "health_check_interval": 15,
}
_AMQP_WAITS: Final[dict[str, Any]] = {"client_properties": {"connection_name": "workloom"}}


@dataclass(frozen=True, slots=True)
class Broker:
    """`secure` is what the client wants to know of TLS; certificates are always checked unless the address says otherwise."""

    url: str
    options: dict[str, Any] = field(default_factory=dict)
    secure: dict[str, Any] | None = None


def give_nothing_back() -> None:
    """Let the client keep what was not acknowledged when a connection to Redis ends: a wake-up that nobody misses.

    Giving it back to a Redis that is gone raises what the client does not expect, and ends the worker; so does
    acknowledging, on a connection that was given up, what had come by it.
    """
    channel = import_module("kombu.transport.redis").Channel
    channel.do_restore = False
    channel.basic_ack = _acknowledging_where_open(channel.basic_ack)


def _acknowledging_where_open(acknowledge: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(acknowledge)
    def inside(channel: Any, *args: Any, **kwargs: Any) -> None:
        if not channel.closed and channel.connection is not None:
            acknowledge(channel, *args, **kwargs)

    return inside


def broker_at(url: str) -> Broker:
    """Translate an address that the settings have found good."""
    scheme = scheme_of(url)
    return {SENTINEL_SCHEME: _behind_sentinels, "unix": _by_socket}.get(scheme, _plain)(url)


def _plain(url: str) -> Broker:
    parts = urlsplit(url)
    if parts.scheme == "amqps":
        return Broker(url, _AMQP_WAITS, {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": parts.hostname})
    if parts.scheme == "amqp":
        return Broker(url, _AMQP_WAITS)
    # Options of the Redis client mean nothing here, but for those about certificates.
    about_tls = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name.startswith("ssl_")])
    secure = {"ssl_cert_reqs": ssl.CERT_REQUIRED} if parts.scheme == "rediss" else None
    return Broker(parts._replace(query=about_tls).geturl(), _REDIS_WAITS, secure)


def _by_socket(url: str) -> Broker:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    user, password = options.get("username", ""), options.get("password", unquote(parts.password or ""))
    who = f"{quote(user, safe='')}:{quote(password, safe='')}@" if password else ""
    # The client hands over what stands behind the question mark as arguments; only the number of the database is one.
    return Broker(f"redis+socket://{who}{parts.path}?virtual_host={options.get('db', '0')}", _REDIS_WAITS)


def _behind_sentinels(url: str) -> Broker:
    known = parse_sentinels(url)
    signed = {name: quote(value, safe="") for name, value in known.sign_in.items()}
    who = f"{signed.get('username', '')}:{signed['password']}@" if "password" in signed else ""
    addresses = ";".join(f"sentinel://{who}{host}:{port}/{known.database}" for host, port in known.hosts)
    asked = {"socket_connect_timeout": 1.0, "socket_timeout": 1.0, **known.own_sign_in}
    return Broker(addresses, _REDIS_WAITS | {"master_name": known.service, "sentinel_kwargs": asked})

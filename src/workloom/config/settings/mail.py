from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import urlsplit

import environ

from workloom.config.settings.readers import Reader, SettingError, refuse_together
from workloom.config.settings.serving import PORT

_read = Reader("Mail")

_SECONDS: Final = 10
"""How long the mail server may take for each answer."""
_PORTS: Final = {"smtp": 25, "smtp+tls": 587, "smtps": 587, "smtp+ssl": 465}
_PARTS = (
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_USE_TLS",
    "EMAIL_USE_SSL",
)


def _from_url(url: str) -> dict[str, Any]:
    parsed = dict(environ.Env.email_url_config(url))
    options = parsed.pop("OPTIONS", {})
    given = {key: value for key, value in {**parsed, **options}.items() if value not in {None, ""}}
    scheme = urlsplit(url).scheme
    usual = {"EMAIL_PORT": _PORTS[scheme]} if scheme in _PORTS else {}
    return {"EMAIL_TIMEOUT": _SECONDS} | usual | given


def _mail() -> dict[str, Any]:
    url = _read.url(
        "EMAIL_URL",
        "The mail server; without it and without `EMAIL_HOST`, mails are written to the log.",
        schemes=("smtp", "smtp+tls", "smtp+ssl", "smtps", "consolemail", "filemail", "dummymail"),
        example="smtp+tls://user:password@mail.example.org:587",
    )
    parts: dict[str, Any] = {
        "EMAIL_HOST": _read.text("EMAIL_HOST", "The mail server's host.", example="mail.example.org"),
        "EMAIL_PORT": _read.whole("EMAIL_PORT", "The mail server's port.", default=25, between=(1, 65535), example=587),
        "EMAIL_HOST_USER": _read.text("EMAIL_HOST_USER", "Who signs in to the mail server.", example="workloom"),
        "EMAIL_HOST_PASSWORD": _read.text(
            "EMAIL_HOST_PASSWORD", "The password of `EMAIL_HOST_USER`.", example="a long one"
        ),
        "EMAIL_USE_TLS": _read.flag("EMAIL_USE_TLS", "STARTTLS, usually with port 587.", default=False),
        "EMAIL_USE_SSL": _read.flag("EMAIL_USE_SSL", "TLS from the first byte, usually with port 465.", default=False),
    }
    refuse_together(["EMAIL_URL"], _PARTS)
    if parts["EMAIL_USE_TLS"] and parts["EMAIL_USE_SSL"]:
        raise SettingError("EMAIL_USE_SSL", "and EMAIL_USE_TLS exclude each other", "Switch one of them off.")
    if url:
        return _from_url(url)
    backend = "smtp" if parts["EMAIL_HOST"] else "console"
    return {"EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend", "EMAIL_TIMEOUT": _SECONDS, **parts}


MAIL: dict[str, Any] = _mail()
DEFAULT_FROM_EMAIL = _read.text(
    "DEFAULT_FROM_EMAIL",
    "The sender of every mail.",
    default="Workloom <workloom@localhost>",
    example="Workloom <workloom@example.org>",
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if not parseaddr(DEFAULT_FROM_EMAIL)[1].partition("@")[2] or not DEFAULT_FROM_EMAIL.isprintable():
    raise SettingError(
        "DEFAULT_FROM_EMAIL", "is no address", "Write DEFAULT_FROM_EMAIL=Workloom <workloom@example.org>."
    )


def _public_url() -> str:
    url = _read.url(
        "PUBLIC_URL",
        "The address at which people reach this server; links in mails begin with it."
        " When unset, `http://127.0.0.1` with `PORT`.",
        schemes=("http", "https"),
        example="https://tasks.example.org",
    )
    if not url:
        return f"http://127.0.0.1:{PORT}"
    if not _is_plain(url):
        raise SettingError(
            "PUBLIC_URL",
            "is more or less than an address",
            "Write PUBLIC_URL=https://tasks.example.org, with a port and a path if need be, and nothing else.",
        )
    return url.rstrip("/")


def _is_plain(url: str) -> bool:
    parts = urlsplit(url)
    try:
        has_port = parts.port != 0
    except ValueError:
        return False
    rest = parts.query or parts.fragment or parts.username is not None or parts.netloc.endswith(":")
    return bool(parts.hostname) and has_port and not rest and url.isascii() and url.isprintable() and " " not in url


PUBLIC_URL = _public_url()

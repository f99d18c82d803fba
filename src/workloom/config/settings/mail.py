from typing import Any

import environ

from workloom.config.settings.readers import Reader, SettingError, refuse_together

_read = Reader("Mail")

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
    return {key: value for key, value in {**parsed, **options}.items() if value not in {None, ""}}


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
    return {"EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend", "EMAIL_TIMEOUT": 10, **parts}


MAIL: dict[str, Any] = _mail()
DEFAULT_FROM_EMAIL = _read.text(
    "DEFAULT_FROM_EMAIL",
    "The sender of every mail.",
    default="Workloom <workloom@localhost>",
    example="Workloom <workloom@example.org>",
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

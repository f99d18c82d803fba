"""A mail server of somebody else's making, in this process: it keeps what it takes, and says what a test tells it to."""

import asyncio
import email
import email.policy
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Inbox:
    """What came, and what the next commands are answered; without an answer of ours they succeed."""

    def __init__(self, *, hangs: bool = False, hangs_at_the_end: float = 0) -> None:
        self.port = 0
        self.taken: list[Envelope] = []
        self.connections = 0
        self.at_rcpt: deque[str] = deque()
        self.at_data: deque[str] = deque()
        self.hangs = hangs
        self.hangs_at_the_end = hangs_at_the_end

    def messages(self) -> list[EmailMessage]:
        return [_parsed(envelope.original_content or b"") for envelope in self.taken]

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        if self.hangs:
            await asyncio.sleep(30)
        return responses

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_rcpt:
            return self.at_rcpt.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.at_data and not self.at_data[0].startswith("2"):
            return self.at_data.popleft()
        self.taken.append(envelope)
        await asyncio.sleep(self.hangs_at_the_end)
        return self.at_data.popleft() if self.at_data else "250 2.0.0 Taken as 42"


def _parsed(content: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def mail_server(
    inbox: Inbox | None = None, port: int = 0, serving: dict[str, Any] | None = None, **settings: Any
) -> Iterator[Inbox]:
    """Serve until the end of the block, with settings that lead there; a port of the past can be taken up again."""
    inbox = inbox or Inbox()
    inbox.port = port or _free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port, **(serving or {}))
    controller.start()
    try:
        with leading_to(inbox.port, **settings):
            yield inbox
    finally:
        controller.stop()


def leading_to(port: int, **settings: Any) -> Any:
    defaults = {
        "EMAIL_BACKEND": SMTP_BACKEND,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": "Workloom <workloom@tasks.example.org>",
        "PUBLIC_URL": "https://tasks.example.org",
    }
    return override_settings(**{**defaults, **settings})

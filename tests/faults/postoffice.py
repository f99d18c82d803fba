"""A mail server that takes, defers or refuses what comes, by its mood."""

import email
import email.policy
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.faults.processes import free_port

# The library tells each command of the conversation.
logging.getLogger("mail.log").setLevel(logging.ERROR)
_SAYS = {"deferring": "451 4.3.0 Not now", "refusing": "550 5.1.1 No such person here"}


@dataclass
class PostOffice:
    """`mood` is fine, deferring (4xx) or refusing (5xx); `taken` are Message-IDs in the order of coming."""

    port: int
    mood: str = "fine"
    taken: list[str] = field(default_factory=list)
    turned_away: Counter[str] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood in _SAYS:
            self.turned_away[self.mood] += 1
            return _SAYS[self.mood]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        message = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
        self.taken.append(str(message["Message-ID"]))
        return "250 2.0.0 Taken"


@contextmanager
def post_office() -> Iterator[PostOffice]:
    office = PostOffice(free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()

"""From a letter to the bytes of a mail: two forms of the text, and headers that tell programs how to treat it."""

import re
from email import charset
from email.generator import BytesGenerator
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from io import BytesIO
from typing import Final
from uuid import UUID

import idna
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from workloom.core.clock import now
from workloom.core.mail.letters import Letter, Recipient, one_line

# Quoted-printable: lines of any length and signs of any script, over servers that know nothing but ASCII.
_NOT_IN_AN_ADDRESS: Final = re.compile(r"[\s\x00-\x1f\x7f<>]")
_QUOTED: Final = charset.Charset("utf-8")
_QUOTED.body_encoding = charset.QP


def sender_address() -> str:
    """Return the bare address that mails come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def sender_domain() -> str:
    """Return the domain that ids of messages end in."""
    domain = sender_address().rpartition("@")[2]
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")


def wire_address(address: str) -> str | None:
    """Spell an address as every server knows it, its domain in ASCII; None where that cannot be."""
    before, _, domain = address.rpartition("@")
    try:
        spelled = f"{before}@{idna.encode(domain, uts46=True).decode('ascii')}" if not domain.isascii() else address
    except idna.IDNAError:
        return None
    return spelled if spelled.isascii() and not _NOT_IN_AN_ADDRESS.search(spelled) else None


def message_id_of(mail_id: UUID) -> str:
    """Return the id of a mail's message, the same at each attempt: a mail program shows one of two such."""
    return f"<{mail_id}@{sender_domain()}>"


def message_of(letter: Letter, recipient: Recipient, *, message_id: str) -> EmailMultiAlternatives:
    """Make the message to a recipient whose address is in its wire form."""
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((one_line(recipient.name), recipient.address), _QUOTED)],
        headers={**letter.headers, **_headers(letter, message_id)},
    )
    message.encoding = _QUOTED
    message.attach_alternative(letter.html, "text/html")
    return message


def as_sent(message: EmailMultiAlternatives) -> bytes:
    """Return the bytes that go over the wire."""
    buffer = BytesIO()
    # Longer lines than the usual 78: some servers lose a header whose first line ends behind its name.
    lines = BytesGenerator(buffer, mangle_from_=False, policy=compat32.clone(linesep="\r\n", max_line_length=900))
    lines.flatten(message.message())
    return buffer.getvalue()


def _headers(letter: Letter, message_id: str) -> dict[str, str]:
    headers = {
        "Message-ID": message_id,
        "Date": format_datetime(now()),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if letter.thread:
        # The first message of a thread is one that nobody ever sent: whichever mail comes first, the others join it.
        root = f"<{letter.thread}@{sender_domain()}>"
        headers |= {"In-Reply-To": root, "References": root}
    if letter.unsubscribe:
        headers |= {
            "List-Unsubscribe": f"<{letter.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers

"""From a letter to the bytes of a mail: two forms of the text, and headers that tell programs how to treat it."""

from email import charset
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from workloom.core.clock import now
from workloom.core.mail.letters import Letter, Recipient, one_line

# Quoted-printable: lines of any length and signs of any script, over servers that know nothing but ASCII.
_QUOTED: Final = charset.Charset("utf-8")
_QUOTED.body_encoding = charset.QP


def sender_address() -> str:
    """Return the bare address that mails come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def sender_domain() -> str:
    """Return the domain that ids of messages end in."""
    return sender_address().rpartition("@")[2].encode("idna").decode("ascii")


def message_id_of(mail_id: UUID) -> str:
    """Return the id of a mail's message, the same at each attempt: a mail program shows one of two such."""
    return f"<{mail_id}@{sender_domain()}>"


def message_of(letter: Letter, recipient: Recipient, *, message_id: str) -> EmailMultiAlternatives:
    """Make the message; BadHeaderError for a name or a subject that would begin another header."""
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
    whole: Any = message.message()  # of the framework's class, whose `as_bytes` takes more than its stub says
    return bytes(whole.as_bytes(linesep="\r\n"))


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

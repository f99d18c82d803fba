"""Letters by kind: a room registers who writes them, and the ledger asks when a mail's time has come."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from workloom.core import seams

_NOT_IN_A_LINE: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_HEADER_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a mail goes to, and how they read dates and words."""

    address: str
    name: str = ""
    locale: str = "en"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sent. Letters with the same `thread` are one conversation, if their subjects are the same too.

    `unsubscribe` is the link behind which one click ends mails of this kind; see `unsubscribing.unsubscribe_link`.
    """

    subject: str
    text: str
    html: str
    thread: str = ""
    unsubscribe: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what would begin another header."""
        for name, value in {**self.headers, "Subject": self.subject, "List-Unsubscribe": self.unsubscribe}.items():
            if not _HEADER_NAME.fullmatch(name) or _NOT_IN_A_LINE.search(value):
                raise ValueError(f"The header {name!r} of a letter is not one line of text")


# A letter is written for a person, or with None for the bare address that a test mail goes to.
Writer = Callable[[Any, dict[str, Any]], Letter | None]
_writers: dict[str, Writer] = {}


def letter(kind: str) -> Callable[[Writer], Writer]:
    """Register who writes letters of a kind: `(person_id, args)` to a Letter, or None for one that is no longer wanted.

    Rooms do so in their `jobs.py`, which every process reads. The writer judges the person's rights anew.
    """

    def register(write: Writer) -> Writer:
        _writers[kind] = write
        return write

    return register


def write_letter(kind: str, person_id: UUID | None, args: dict[str, Any]) -> Letter | None:
    """Have a letter written; KeyError for a kind that nobody writes."""
    return _writers[kind](person_id, args)


def recipient_of(person_id: UUID) -> Recipient | None:
    """Return how to write to a person; None for those whom no mail reaches."""
    found: Recipient | None = seams.ask("mail_recipient", person_id)
    return found


def one_line(text: str) -> str:
    """Make a person's text fit for a subject: white space of any kind becomes one space."""
    return " ".join(_NOT_IN_A_LINE.sub(" ", text).split())

"""Sending mail: a row of the ledger and a job, both in the transaction that wants it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from workloom.core.mail.actions import Wish, comes_again_at, enter_mail, enter_mails
from workloom.core.mail.layout import Content, Section, letter_from
from workloom.core.mail.letters import Letter, letter
from workloom.core.mail.links import absolute
from workloom.core.mail.sending import send_mails
from workloom.core.mail.words import FALLBACK, words_of
from workloom.events.jobs import Errand, enqueue, enqueue_many, job

_JOB: Final = "send_mail"


def post(kind: str, *, person_id: UUID, args: dict[str, Any], key: str, at: datetime | None = None) -> UUID | None:
    """Wish for a letter to a person, now or `at`; None when the ledger has one with this key already.

    The letter is written and the rights are judged when it is sent, so `args` hold ids and no secrets.
    """
    return _post(Wish(kind=kind, key=key, person_id=person_id, args=args, at=at))


@transaction.atomic
def post_many(wishes: Sequence[Wish]) -> int:
    """Wish for letters to many people in a few statements, and return how many the ledger did not have yet."""
    rows = enter_mails(wishes) if wishes else []
    if rows:
        enqueue_many(_JOB, [Errand({"mail": str(row.id)}, row.next_at, _key(row.id, row.next_at)) for row in rows])
    return len(rows)


def post_to_address(kind: str, *, address: str, key: str) -> UUID | None:
    """Wish for a letter to a bare address behind which nobody is known."""
    return _post(Wish(kind=kind, key=key, address=address))


@transaction.atomic
def _post(wish: Wish) -> UUID | None:
    row = enter_mail(wish)
    if row is None:
        return None
    _look_after(row.id, row.next_at)
    return row.id


@job(_JOB, lane="mail")
def send_mail(mail: str) -> None:
    """Send a mail that is due. While it is not settled, somebody comes back to it, however this ends."""
    mail_id = UUID(mail)
    send_mails(mail_id)
    again = comes_again_at(mail_id)
    if again is not None:
        _look_after(mail_id, again)


def _look_after(mail_id: UUID, at: datetime) -> None:
    enqueue(_JOB, {"mail": str(mail_id)}, run_at=at, key=_key(mail_id, at))


def _key(mail_id: UUID, at: datetime) -> str:
    """The moment is part of it: the job that is running still holds the one of its own."""
    return f"mail:{mail_id}:{at.timestamp():.3f}"


@letter("test")
def write_test_letter(person_id: UUID | None, args: dict[str, Any]) -> Letter:
    """Write what `send-test-mail` sends."""
    words = words_of(FALLBACK)
    section = Section(lead=words.test_text, facts=((words.server, absolute("/")),))
    return letter_from(Content(subject=words.test_subject, sections=[section]), locale=FALLBACK)

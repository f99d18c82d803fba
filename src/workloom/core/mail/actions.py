"""What happens to rows of the ledger; each step is a transaction of its own, so that none stands around a talk with a server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from workloom.core.backoff import PAUSES, retry_at
from workloom.core.clock import now
from workloom.core.db import vendor, write
from workloom.core.ids import uuid7, uuid7s
from workloom.core.mail.message import message_id_of
from workloom.core.mail.models import WAITING, Mail, MailState
from workloom.core.mail.verdicts import Answer, Verdict

LEASE: Final = timedelta(seconds=240)
"""Longer than the slowest server that answers each step just in time."""
MOST_ATTEMPTS: Final = len(PAUSES) + 1
MOST_CRASHES: Final = 5
KEPT_FOR: Final = timedelta(days=90)
_AT_ONCE: Final = 1000
_BROKEN: Final = "Nobody could write or hand over this mail: Workloom itself failed. The log of the worker says why."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A letter that somebody is to get: a person, or for tests of the way a bare address."""

    kind: str
    key: str
    person_id: UUID | None = None
    address: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def enter_mail(wish: Wish) -> Mail | None:
    """Write a wish into the ledger, in the present transaction; None when it has one with this key."""
    row = _row_of(wish)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not Mail.objects.filter(key=wish.key).exists():
            raise
        return None
    return row


def enter_mails(wishes: Sequence[Wish]) -> list[Mail]:
    """Write several wishes in one statement, and return the rows of those whose keys the ledger did not have."""
    known = set(Mail.objects.filter(key__in=[wish.key for wish in wishes]).values_list("key", flat=True))
    rows = [_row_of(wish) for wish in wishes if wish.key not in known]
    for row, key in zip(rows, uuid7s(len(rows)), strict=True):
        row.id = key
    Mail.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return rows


def _row_of(wish: Wish) -> Mail:
    row = Mail(id=uuid7(), key=wish.key, kind=wish.kind, person_id=wish.person_id, address=wish.address)
    row.args, row.created_at, row.next_at = dict(wish.args), now(), wish.at or now()
    return row


@write
def claim_mail(mail_id: UUID) -> Mail | None:
    """Take one mail to send it, if its time has come and nobody else has it."""
    return _claim(_free().filter(pk=mail_id))


@write
def claim_fresh_mail() -> Mail | None:
    """Take the mail that has waited longest and was never tried, to send it over a connection that stands."""
    return _claim(_free().filter(state=MailState.QUEUED, attempts=0).order_by("next_at", "pk"))


def _free() -> QuerySet[Mail]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now())
    return Mail.objects.filter(free, state__in=WAITING, next_at__lte=now())


def _claim(rows: QuerySet[Mail]) -> Mail | None:
    if vendor() != "sqlite":
        rows = rows.select_for_update(skip_locked=True)
    row = rows.first()
    if row is None:
        return None
    if row.attempts >= (MOST_CRASHES if row.state == MailState.QUEUED else MOST_ATTEMPTS):
        # Neither sent nor deferred after so many starts: what kills the worker each time must not do so for ever.
        _write_end(Mail.objects.filter(pk=row.pk), Verdict(Answer.REFUSED, _BROKEN))
        return None
    row.lease, row.lease_until = uuid7(), now() + LEASE
    row.attempts += 1
    row.first_at = row.first_at or now()
    row.message_id = row.message_id or message_id_of(row.id)
    row.save(update_fields=["lease", "lease_until", "attempts", "first_at", "message_id"])
    return row


def note_address(row: Mail, address: str) -> None:
    """Keep where a mail is about to go: what operators look for when one "never came"."""
    row.address = address
    _mine(row).update(address=address)


@write
def settle_mail(row: Mail, verdict: Verdict, *, chance: float) -> bool:
    """Write what became of an attempt; False when the lease ran out and somebody else answers for the mail now."""
    if verdict.answer is not Answer.LATER:
        return _write_end(_mine(row), verdict)
    first_at = row.first_at or now()
    again = retry_at(row.attempts, first_at=first_at, now=now(), chance=chance)
    if again is None:
        return _write_end(_mine(row), Verdict(Answer.REFUSED, f"Given up after a day. Last: {verdict.words}"))
    changed = _mine(row).update(
        state=MailState.DEFERRED, next_at=again, server_words=verdict.words[:1000], lease=None, lease_until=None
    )
    return bool(changed)


def _write_end(rows: QuerySet[Mail], verdict: Verdict) -> bool:
    state = {
        Answer.TAKEN: MailState.SENT,
        Answer.REFUSED: MailState.FAILED,
        Answer.LATER: MailState.DEFERRED,
        Answer.UNWANTED: MailState.DROPPED,
    }[verdict.answer]
    words = verdict.words[:1000]
    return bool(rows.update(state=state, server_words=words, finished_at=now(), lease=None, lease_until=None))


def _mine(row: Mail) -> QuerySet[Mail]:
    return Mail.objects.filter(pk=row.pk, lease=row.lease)


def comes_again_at(mail_id: UUID) -> datetime | None:
    """Return when somebody has to look after a mail again; None once it is settled."""
    found = Mail.objects.filter(pk=mail_id, state__in=WAITING).values_list("next_at", "lease_until").first()
    if found is None:
        return None
    # Whoever holds the lease may die: a little later somebody looks.
    return max(found[0], found[1] + timedelta(seconds=1)) if found[1] else found[0]


@write
def erase_mails(person_id: UUID, address: str) -> int:
    """Take somebody out of the ledger: addresses and words that may repeat them; what still waits is dropped."""
    # Not `iexact`: on MariaDB it would compare byte by byte.
    bare = Mail.objects.annotate(folded=Lower("address")).filter(person_id=None, folded=address.lower())
    theirs = Q(person_id=person_id) | Q(pk__in=list(bare.values_list("pk", flat=True)) if address else [])
    waiting = Mail.objects.filter(theirs, state__in=WAITING)
    waiting.update(state=MailState.DROPPED, finished_at=now(), lease=None, lease_until=None)
    return Mail.objects.filter(theirs).update(address="", args={}, server_words="")


def forget_old_mails() -> int:
    """Delete mails that were settled 90 days ago; a regular duty."""
    total = 0
    while done := _forget_some():
        total += done
    return total


@write
def _forget_some() -> int:
    """A batch at a time, so that writers need not wait."""
    old = Mail.objects.filter(finished_at__lt=now() - KEPT_FOR)
    return Mail.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_AT_ONCE])).delete()[0]

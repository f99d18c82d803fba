"""Erasure: what is personal leaves the log, the chain of hashes stays whole."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from workloom.core.clock import now
from workloom.core.db import write_kept
from workloom.events.models import LogRow

ADDRESSES_KEPT_FOR = timedelta(days=90)

_BATCH = 500


def erase_person(person: UUID) -> int:
    """Take name, addresses and agents out of what a person did, and all private values out of what was done to them."""
    erased = _erase(LogRow.objects.filter(object_id=person), None)
    return erased + _erase(LogRow.objects.filter(Q(actor_id=person), ~Q(object_id=person)), {"changes"})


def erase_texts(subjects: Collection[UUID]) -> int:
    """Take the texts, with addresses and agents, out of everything that happened to these objects or what hangs on them."""
    return _erase(LogRow.objects.filter(Q(object_id__in=subjects) | Q(subject_id__in=subjects)), {"actor"})


def erase_addresses(before: datetime) -> int:
    """Take addresses and agents out of what happened before an instant."""
    # The salt is gone from rows that something was erased from, addresses in any case: they are not looked at every day.
    return _erase(LogRow.objects.filter(occurred_at__lt=before).exclude(salt=""), {"changes", "actor"})


def erase_old_addresses() -> int:
    """Erase addresses and agents that were kept for 90 days; a regular duty."""
    return erase_addresses(now() - ADDRESSES_KEPT_FOR)


def _erase(rows: QuerySet[LogRow], kept: Collection[str] | None) -> int:
    write_kept()
    last, total = 0, 0
    while True:
        batch = list(rows.filter(n__gt=last, private__isnull=False).order_by("n").only("n", "private")[:_BATCH])
        if not batch:
            return total
        for row in batch:
            row.private = _part(row.private, kept)
            row.salt = ""
        LogRow.objects.bulk_update(batch, ["private", "salt"], batch_size=_BATCH)
        last, total = batch[-1].n, total + len(batch)


def _part(private: dict[str, Any] | None, kept: Collection[str] | None) -> dict[str, Any] | None:
    """Return what stays of private values; a row of which nothing stays has none."""
    left = {name: value for name, value in (private or {}).items() if name in (kept or ()) and value}
    return left or None

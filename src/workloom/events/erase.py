"""Erasure: what is personal leaves the log, the chain of hashes stays whole."""

from uuid import UUID

from django.db.models import Q

from workloom.events.models import LogRow

ADDRESSES_KEPT_FOR = timedelta(days=90)

_BATCH = 500


def erase_person(person: UUID) -> int:
    """Take a person's name, addresses and agents out of what they did, and all private values out of what was done to them."""
    rows = LogRow.objects.filter(Q(actor_id=person) | Q(object_id=person), private__isnull=False)
    last, total = 0, 0
    while True:
        batch = list(rows.filter(n__gt=last).order_by("n").only("n", "actor_id", "object_id", "private")[:_BATCH])
        if not batch:
            return total
        for row in batch:
            row.private = None if row.object_id == person or not row.private else _without_actor(row.private)
            row.salt = ""
        LogRow.objects.bulk_update(batch, ["private", "salt"])
        last, total = batch[-1].n, total + len(batch)


def _without_actor(private: dict[str, object]) -> dict[str, object] | None:
    kept = {name: value for name, value in private.items() if name not in {"actor", "ip", "user_agent"}}
    return kept if kept.get("changes") else None


def erase_old_addresses() -> int:
    """Erase addresses and agents that were kept for 90 days; a regular duty."""
    return erase_addresses(now() - ADDRESSES_KEPT_FOR)

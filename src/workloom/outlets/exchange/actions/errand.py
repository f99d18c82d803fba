"""One import on its way, and the ledger that it writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from workloom.core.actor import Actor
from workloom.outlets.exchange.actions.furnish import Furniture
from workloom.outlets.exchange.models import Import, LedgerEntry, Noun


@dataclass(frozen=True, slots=True)
class Errand:
    """Which import, for whom, and what the source's ids mean in the project."""

    work: Import
    furniture: Furniture
    actor: Actor


def enter(errand: Errand, noun: Noun, targets: Mapping[str, UUID]) -> None:
    """Note what things of the source became, in the transaction that made them."""
    work = errand.work
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                project_id=work.project_id,
                kind=work.kind,
                noun=noun,
                source_id=source_id,
                target=target,
                made_by=work,
            )
            for source_id, target in targets.items()
        ],
        batch_size=500,
    )

"""Imports in the background."""

from typing import Final
from uuid import UUID

from workloom.core.context import current_context
from workloom.core.ids import parse_uuid
from workloom.events.jobs import enqueue, extend_lease, job
from workloom.outlets.exchange.actions import run_import

NAME: Final = "run_import"
_LEASE_S: Final = 180


def start(import_id: UUID) -> None:
    """Have an import carried out, once, however often it is asked for."""
    enqueue(NAME, {"import_id": str(import_id)}, key=f"import:{import_id}")


@job(NAME, lease_s=_LEASE_S)
def carry_out_import(import_id: str) -> None:
    """Run or continue one import, telling the queue after each batch that it is alive."""
    own = parse_uuid(current_context().request_id)

    def still_here(done: int, total: int) -> None:
        if own and done < total:
            extend_lease(own, _LEASE_S)

    run_import(UUID(import_id), tell=still_here)

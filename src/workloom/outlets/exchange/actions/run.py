"""Carrying an import out, or on: every step can be taken twice, and a killed one continues where it stopped."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db.models import F

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.context import current_context, using_context
from workloom.core.db import after_commit, lock, write
from workloom.core.errors import Forbidden, Refused
from workloom.events.record import record
from workloom.outlets.exchange.actions.batches import BATCH, write_batch
from workloom.outlets.exchange.actions.errand import Errand
from workloom.outlets.exchange.actions.furnish import furnish
from workloom.outlets.exchange.actions.prepare import prepare
from workloom.outlets.exchange.actions.receipt import partial_receipt, receipt_of
from workloom.outlets.exchange.events import ImportEvent, ImportFailed, ImportFinished
from workloom.outlets.exchange.models import Import, ImportStatus
from workloom.outlets.exchange.plan import Plan
from workloom.outlets.exchange.sources import Wishes, read_plan
from workloom.outlets.exchange.uploads import forget_file, path_of

Tell = Callable[[int, int], None]
MOST_ATTEMPTS: Final = 5


def silent(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def run_import(import_id: UUID, *, tell: Tell = silent) -> Import:
    """Carry out an import that was requested; one that is over already stays as it is."""
    work = _begin(import_id)
    if work.status != ImportStatus.RUNNING:
        return work
    with using_context(replace(current_context(), via="import")):
        try:
            plan = _read(work)
            receipt = None if work.is_dry_run else _write_all(work, plan, tell)
        except Refused as refusal:
            return _end(work, ImportStatus.FAILED, receipt=partial_receipt(work), error=_told(refusal))
        return _end(work, ImportStatus.DONE, receipt=receipt)


@write
def _begin(import_id: UUID) -> Import:
    work = lock(Import.objects.filter(pk=import_id)).select_related("project", "requested_by").get()
    if work.status in {ImportStatus.DONE, ImportStatus.FAILED}:
        return work
    work.attempts += 1
    work.status, work.started_at = ImportStatus.RUNNING, work.started_at or now()
    work.version += 1
    work.save(update_fields=["attempts", "status", "started_at", "version"])
    return work


def _read(work: Import) -> Plan:
    if work.attempts > MOST_ATTEMPTS:
        detail = f"It was interrupted {MOST_ATTEMPTS} times. Ask the operator to look at the log, then import again."
        raise Refused("interrupted", detail)
    if not path_of(work.stored_as).exists():
        raise Refused("file_gone", "The file is not there any more. Upload it again.")
    plan = read_plan(work.kind, path_of(work.stored_as), Wishes(work.mapping, work.project.time_zone))
    report = msgspec.to_builtins(plan.report())
    Import.objects.filter(pk=work.pk).update(report=report, progress_total=len(plan.tasks), version=F("version") + 1)
    return plan


def _write_all(work: Import, plan: Plan, tell: Tell) -> dict[str, Any]:
    actor = _actor_of(work)
    total = len(plan.tasks)
    prepare(work, plan, actor=actor, tell=lambda: tell(0, total))
    furniture = furnish(work, plan, actor=actor)
    errand = Errand(work, furniture, actor)
    tell(0, total)
    for at in range(0, total, BATCH):
        done = min(at + BATCH, total)
        write_batch(errand, plan.tasks[at:done], done)
        tell(done, total)
    return receipt_of(work, plan, furniture)


def _actor_of(work: Import) -> Actor:
    """Whoever asked, with the rights of this moment and no more than the token had."""
    if not work.requested_by.is_active:
        raise Forbidden(detail="Whoever asked for this import has no active account any more.")
    scopes = None if work.scopes is None else frozenset(work.scopes)
    return replace(work.requested_by.as_actor(), scopes=scopes)


@write
def _end(work: Import, status: ImportStatus, *, receipt: Any = None, error: Any = None) -> Import:
    found = lock(Import.objects.filter(pk=work.pk)).select_related("project", "requested_by").get()
    found.status, found.receipt, found.error, found.finished_at = status, receipt, error, now()
    found.version += 1
    found.save(update_fields=["status", "receipt", "error", "finished_at", "version"])
    kind: type[ImportEvent] = ImportFinished if status == ImportStatus.DONE else ImportFailed
    event = kind(
        object_id=found.pk,
        version=found.version,
        workspace=found.project.workspace_id,
        project=found.project_id,
        changes={"status": (ImportStatus.RUNNING.value, status.value)},
    )
    record(event, actor=found.requested_by.as_actor())
    after_commit(lambda: forget_file(found.stored_as))
    return found


def _told(refusal: Refused) -> dict[str, Any]:
    """What the API shows of why it failed."""
    return {
        "code": refusal.code,
        "detail": refusal.detail,
        "place": refusal.extra.get("place") or None,
        "errors": msgspec.to_builtins(list(refusal.errors)),
    }

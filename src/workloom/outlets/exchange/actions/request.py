"""Taking a file in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from msgspec import UNSET, UnsetType

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict, TooMany
from workloom.core.ids import uuid7
from workloom.core.text import trimmed
from workloom.events.record import record
from workloom.outlets.exchange.events import ImportRequested
from workloom.outlets.exchange.models import Import, ImportStatus
from workloom.outlets.exchange.sources import check_kind
from workloom.outlets.exchange.uploads import Kept, forget_file, keep_file, old_files
from workloom.work.projects.models import Project

_UNCLAIMED_FOR: Final = timedelta(days=1)
_TRY_AGAIN_S: Final = 30
MOST_UNDER_WAY: Final = 5
_UNFINISHED: Final = (ImportStatus.QUEUED, ImportStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class WantedImport:
    """A file to be imported; `mapping` is field to column, for tables. Of a rehearsal the file is not kept."""

    kind: str
    file_name: str
    pieces: Iterable[bytes] = field(repr=False)
    id: UUID | UnsetType = UNSET
    dry_run: bool = False
    is_rehearsal: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)


@write
def request_import(project: Project, wanted: WantedImport, *, actor: Actor) -> Import:
    """Keep the file and note what is to be done with it; who asks for what is already under way gets that.

    Raises Invalid, TooLarge, TooMany, Conflict for an id that is taken. Whoever asked makes it run.
    """
    check_kind(wanted.kind, wanted.mapping)
    kept = keep_file(wanted.pieces)
    if wanted.id is UNSET and (same := _under_way(project, wanted, kept, actor)):
        forget_file(kept.name)
        return same
    _refuse_many(kept, actor)
    made = _stored(project, wanted, kept, actor)
    if wanted.is_rehearsal:
        forget_file(kept.name)
    event = ImportRequested(
        object_id=made.pk,
        version=made.version,
        workspace=project.workspace_id,
        project=project.pk,
        changes={"name": (None, made.file_name), "kind": (None, made.kind), "dry_run": (None, made.is_dry_run)},
    )
    record(event, actor=actor)
    return made


def _refuse_many(kept: Kept, actor: Actor) -> None:
    """Each waiting import keeps a file of up to 200 MB: nobody fills the disk with them."""
    if Import.objects.filter(requested_by=actor.person, status__in=_UNFINISHED).count() >= MOST_UNDER_WAY:
        forget_file(kept.name)
        raise TooMany(_TRY_AGAIN_S, f"{MOST_UNDER_WAY} of your imports are under way. Wait until one of them is over.")


def _under_way(project: Project, wanted: WantedImport, kept: Kept, actor: Actor) -> Import | None:
    found = Import.objects.filter(
        project=project,
        requested_by=actor.person,
        kind=wanted.kind,
        is_dry_run=wanted.dry_run,
        file_hash=kept.sha256,
        status__in=_UNFINISHED,
    )
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    same = (one for one in found.order_by("created_at") if (one.mapping, one.scopes) == (dict(wanted.mapping), scopes))
    return next(same, None)


def _stored(project: Project, wanted: WantedImport, kept: Kept, actor: Actor) -> Import:
    made = Import(
        id=uuid7() if wanted.id is UNSET else wanted.id,
        project=project,
        requested_by_id=actor.person,
        scopes=None if actor.scopes is None else sorted(actor.scopes),
        kind=wanted.kind,
        is_dry_run=wanted.dry_run,
        file_name=trimmed(wanted.file_name)[-255:] or "file",
        file_size=kept.size,
        file_hash=kept.sha256,
        stored_as=kept.name,
        mapping=dict(wanted.mapping),
        created_at=now(),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        forget_file(kept.name)
        raise Conflict("id_taken", "This id is taken. Make a new one.") from error
    return made


def sweep_files() -> int:
    """Delete files whose request was rolled back or whose import is over, a day later; returns how many that were."""
    old = old_files(now() - _UNCLAIMED_FOR)
    wanted = set(Import.objects.filter(status__in=_UNFINISHED, stored_as__in=old).values_list("stored_as", flat=True))
    doomed = [name for name in old if name not in wanted]
    for name in doomed:
        forget_file(name)
    return len(doomed)

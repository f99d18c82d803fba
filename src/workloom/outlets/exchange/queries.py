"""Reading imports and the people that they left without an account."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.core.filters import choice, reference
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.outlets.exchange.models import Import, ImportStatus, LedgerEntry, Noun
from workloom.outlets.exchange.rows import ImportRow, PlaceholderRow, ProgressRow
from workloom.outlets.exchange.sources import KINDS
from workloom.people.accounts.models import User
from workloom.people.rights.rules import Right
from workloom.work.projects.queries import in_projects

_SHOWN = {
    "id": "pk",
    "project": "project_id",
    "kind": "kind",
    "status": "status",
    "dry_run": "is_dry_run",
    "file_name": "file_name",
    "file_size": "file_size",
    "report": "report",
    "receipt": "receipt",
    "error": "error",
    "requested_by": "requested_by_id",
    "version": "version",
    "created_at": "created_at",
    "started_at": "started_at",
    "finished_at": "finished_at",
}


def visible_imports(actor: Actor) -> QuerySet[Import]:
    """Return the imports into projects where the actor may import."""
    return Import.objects.filter(in_projects(actor, Right.TASK_BULK))


def placeholders_in(project_id: UUID) -> QuerySet[User]:
    """Return the people of a project's imports that nobody has claimed."""
    named = LedgerEntry.objects.filter(project=project_id, noun=Noun.PERSON)
    return User.objects.filter(is_placeholder=True, pk__in=named.values("target"))


def known_targets(project_id: UUID, kind: str, noun: Noun, source_ids: Iterable[str]) -> dict[str, UUID]:
    """Return what things of the source became in earlier runs."""
    wanted = list(source_ids)
    found: dict[str, UUID] = {}
    rows = LedgerEntry.objects.filter(project=project_id, kind=kind, noun=noun)
    for at in range(0, len(wanted), 500):
        found.update(rows.filter(source_id__in=wanted[at : at + 500]).values_list("source_id", "target"))
    return found


def _import_rows(raw: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[ImportRow]:
    rows = []
    for done, total, *line in raw:
        named = dict(zip(_SHOWN, line, strict=True))
        rows.append(ImportRow(progress=ProgressRow(done, total), **named))
    return rows


def _placeholder_rows(raw: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[PlaceholderRow]:
    sources = {
        target: (kind, source_id)
        for target, kind, source_id in LedgerEntry.objects.filter(
            noun=Noun.PERSON, target__in=[line[0] for line in raw]
        ).values_list("target", "kind", "source_id")
    }
    return [PlaceholderRow(user, name, username, *sources[user]) for user, name, username in raw]


IMPORTS = Projection(
    row=ImportRow,
    columns=("progress_done", "progress_total", *_SHOWN.values()),
    build=_import_rows,
)
IMPORT_LIST = Listing(
    projection=IMPORTS,
    orders={"created_at": Order("created_at"), "finished_at": Order("finished_at", nullable=True)},
    filters={
        "project": reference("project", "The project's id."),
        "kind": choice("kind", {kind: kind for kind in KINDS}),
        "status": choice("status", {status.value: status.value for status in ImportStatus}),
    },
)
PLACEHOLDERS = Projection(row=PlaceholderRow, columns=("pk", "name", "username"), build=_placeholder_rows)
PLACEHOLDER_LIST = Listing(
    projection=PLACEHOLDERS,
    orders={"name": Order("name", str), "created_at": Order("created_at")},
    default="name",
)

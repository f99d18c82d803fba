"""Reading labels and categories: what an actor sees, and what a project's tasks can carry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet, Subquery

from workloom.core.actor import Actor
from workloom.core.filters import BadValue, reference, words
from workloom.core.ids import parse_uuid
from workloom.core.listing import Filter, Listing, Order, Projection, Wanted
from workloom.core.prepared import Question, prepared
from workloom.people.rights.rules import Right
from workloom.work.labels.models import Category, Label, Tag
from workloom.work.labels.rows import CategoryRow, LabelRow
from workloom.work.projects.models import Project
from workloom.work.projects.queries import in_projects, projects_with
from workloom.work.workspaces.queries import in_workspaces

T = TypeVar("T", bound=Tag)
Row = TypeVar("Row", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What tells the two apart."""

    model: type[T]
    rows: QuerySet[T]
    noun: str


LABEL = Kind(Label, Label.objects.all(), "label")
CATEGORY = Kind(Category, Category.objects.all(), "category")


def seen_by(actor: Actor) -> Q:
    """Return the condition that a tag is in a project that the actor sees, usable there, or in a workspace of theirs.

    A token narrowed to some projects sees no more of workspaces than those projects use.
    """
    used = Q(project__isnull=True, workspace__in=projects_with(actor, Right.PROJECT_READ).values("workspace"))
    condition = in_projects(actor, Right.PROJECT_READ) | used
    if actor.projects is None:
        condition |= Q(project__isnull=True) & in_workspaces(actor, Right.WORKSPACE_READ)
    return condition


def visible_labels(actor: Actor) -> QuerySet[Label]:
    """Return the labels that the actor may see."""
    return Label.objects.filter(seen_by(actor))


def visible_categories(actor: Actor) -> QuerySet[Category]:
    """Return the categories that the actor may see."""
    return Category.objects.filter(seen_by(actor))


def labels_usable_in(project: Project, labels: Sequence[UUID]) -> set[UUID]:
    """Return those of some labels that the project's tasks can carry: its own and its workspace's."""
    return set(_usable(project.id, list(labels))) if labels else set()


def asking_labels_usable_in(project: UUID, labels: Sequence[UUID]) -> Question:
    """Return what `labels_usable_in` asks of some, for `asked_together`."""
    return _usable.asking(project, list(labels))


@prepared
def _usable(project: UUID, labels: list[UUID]) -> QuerySet[Label, UUID]:
    workspace = Subquery(Project.objects.filter(pk=project).values("workspace"))
    return Label.objects.filter(Q(place=project) | Q(place=workspace), pk__in=labels).values_list("pk", flat=True)


def usable_categories(project: Project) -> QuerySet[Category]:
    """Return the categories that the project's tasks can have: its own and its workspace's."""
    return Category.objects.filter(place__in=[project.id, project.workspace_id])


def _rows(row: type[Row]) -> Callable[[Sequence[tuple[Any, ...]], Wanted], list[Row]]:
    def build(raw: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[Row]:
        return [row(*line) for line in raw]

    return build


_COLUMNS = ("pk", "workspace_id", "project_id", "name", "colour", "version", "created_at", "updated_at")
_ORDERS = {"created_at": Order("created_at"), "name": Order("name_key", str), "updated_at": Order("updated_at")}
_ALIASES = {"project_id": "project", "workspace_id": "workspace"}


def _usable_in(value: str, actor: Actor) -> Q:
    key = parse_uuid(value)
    if key is None:
        raise BadValue("Send a project's id (a UUID).")
    project = projects_with(actor, Right.PROJECT_READ).filter(pk=key)
    return Q(place__in=project.values("pk")) | Q(place__in=project.values("workspace"))


_FILTERS = {
    "project": reference(
        "project", "The project that they belong to; none for those of a whole workspace.", nullable=True
    ),
    "usable_in": Filter(_usable_in, kind="uuid", help="A project: its own ones and those of its workspace."),
    "workspace": reference("workspace", "The workspace, with its projects."),
    "search": words("name_key", "Words of the name, in any case."),
}
LABELS = Projection(LabelRow, _COLUMNS, _rows(LabelRow))
CATEGORIES = Projection(CategoryRow, _COLUMNS, _rows(CategoryRow))
LABEL_LIST = Listing(LABELS, _ORDERS, filters=_FILTERS, aliases=_ALIASES)
CATEGORY_LIST = Listing(CATEGORIES, _ORDERS, filters=_FILTERS, aliases=_ALIASES)

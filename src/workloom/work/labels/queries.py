"""Reading labels and categories: what an actor sees, and what a project's tasks can carry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.errors import FieldError, Invalid
from workloom.core.filters import BadValue, reference, words
from workloom.core.ids import parse_uuid
from workloom.core.listing import Filter, Listing, Order, Projection, Wanted
from workloom.core.text import is_clean
from workloom.people.rights.rules import Right
from workloom.work.labels.models import Category, Label, Tag
from workloom.work.labels.rows import CategoryRow, LabelRow
from workloom.work.labels.rules import name_key
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


def usable_labels(project: Project) -> QuerySet[Label]:
    """Return the labels that the project's tasks can carry: its own and its workspace's."""
    return Label.objects.filter(place__in=[project.pk, project.workspace_id])


def usable_categories(project: Project) -> QuerySet[Category]:
    """Return the categories that the project's tasks can have: its own and its workspace's."""
    return Category.objects.filter(place__in=[project.pk, project.workspace_id])


def find_labels(actor: Actor, project: Project, wanted: Sequence[UUID | str]) -> list[Label]:
    """Return the labels named by ids or names, each once, as ordered; raises Invalid naming each unknown one."""
    return _found(usable_labels(project), visible_labels(actor), project, wanted, "labels")


def find_category(actor: Actor, project: Project, wanted: UUID | str) -> Category:
    """Return the category named by its id or name; raises Invalid."""
    return _found(usable_categories(project), visible_categories(actor), project, [wanted], "category")[0]


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


def _found(
    usable: QuerySet[T], visible: QuerySet[T], project: Project, wanted: Sequence[UUID | str], field: str
) -> list[T]:
    keys = [parse_uuid(one) or name_key(str(one)) for one in wanted]
    ids = [key for key in keys if isinstance(key, UUID)]
    names = [key for key in keys if isinstance(key, str) and is_clean(key)]
    tags: dict[UUID | str, T] = {}
    for tag in usable.filter(Q(pk__in=ids) | Q(name_key__in=names)).order_by("place"):
        tags[tag.pk] = tag
        if tag.name_key not in tags or tag.project_id is not None:
            tags[tag.name_key] = tag
    missing = [str(one) for one, key in zip(wanted, keys, strict=True) if key not in tags]
    if missing:
        elsewhere = {str(key) for key in visible.filter(pk__in=ids).values_list("pk", flat=True)}
        raise Invalid.many([_unknown(field, one, project, is_elsewhere=one in elsewhere) for one in missing[:20]])
    return list({tags[key].pk: tags[key] for key in keys}.values())


def _unknown(field: str, one: str, project: Project, *, is_elsewhere: bool) -> FieldError:
    noun = "label" if field == "labels" else field
    if is_elsewhere:
        return FieldError(field, f"{noun}_of_another_project", f"The {noun} {one} cannot be used in {project.key}.")
    return FieldError(field, f"unknown_{noun}", f"{project.key} has no {noun} “{one[:80]}”.")

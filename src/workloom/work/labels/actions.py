"""Making, changing and deleting labels and categories: two kinds of the same thing."""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from msgspec import UNSET

from workloom.core import seams
from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.colour import colour_for
from workloom.core.db import write
from workloom.core.errors import Invalid
from workloom.core.ids import uuid7
from workloom.events.record import Event, record
from workloom.work.labels import events
from workloom.work.labels.models import Category, Label, Tag
from workloom.work.labels.queries import CATEGORY, LABEL, Kind
from workloom.work.labels.rules import NewTag, TagWish, name_key
from workloom.work.projects.models import Project

T = TypeVar("T", bound=Tag)
Changes = dict[str, tuple[object, object]]


_RECORDED: Mapping[str, tuple[type[Event], type[Event], type[Event]]] = {
    "label": (events.LabelCreated, events.LabelUpdated, events.LabelDeleted),
    "category": (events.CategoryCreated, events.CategoryUpdated, events.CategoryDeleted),
}


@write
def create_tag(kind: Kind[T], place: tuple[UUID, UUID | None], wanted: NewTag, *, actor: Actor) -> T:
    """Make one in a workspace, and of one of its projects or (None) of them all; raises Invalid for a taken name."""
    workspace, project = place
    at = now()
    tag = kind.model(
        id=uuid7() if wanted.id is UNSET else wanted.id,
        workspace_id=workspace,
        project_id=project,
        place=project or workspace,
        name=wanted.name,
        name_key=name_key(wanted.name),
        colour=colour_for(wanted.name) if wanted.colour is UNSET else wanted.colour,
        created_at=at,
        updated_at=at,
    )
    _save(kind, tag, None)
    created, _, _ = _RECORDED[kind.noun]
    _record(created, tag, {"name": (None, tag.name), "colour": (None, tag.colour)}, actor)
    return tag


@write
def change_tag(kind: Kind[T], tag: T, wish: TagWish, *, actor: Actor) -> T:
    """Change name or colour; raises Invalid for a taken name."""
    changes: Changes = {}
    if wish.name is not UNSET and wish.name != tag.name:
        changes["name"] = (tag.name, wish.name)
        tag.name, tag.name_key = wish.name, name_key(wish.name)
    if wish.colour is not UNSET and wish.colour != tag.colour:
        changes["colour"] = (tag.colour, wish.colour)
        tag.colour = wish.colour
    if changes:
        tag.version += 1
        tag.updated_at = now()
        _save(kind, tag, ["name", "name_key", "colour", "version", "updated_at"])
        _, updated, _ = _RECORDED[kind.noun]
        _record(updated, tag, changes, actor)
    return tag


@write
def delete_tag(kind: Kind[T], tag: T, *, actor: Actor) -> None:
    """Take one off its tasks and delete it."""
    seams.call(f"{kind.noun}_removed", tag, actor=actor)
    tag.version += 1
    _, _, deleted = _RECORDED[kind.noun]
    _record(deleted, tag, {"name": (tag.name, None)}, actor)
    tag.delete()


@write
def import_labels(project: Project, wanted: Sequence[NewTag], *, actor: Actor) -> list[Label]:
    """Return a label for each one wanted, in order: one usable in the project that the name fits, else a new one."""
    return [_import(LABEL, project, one, actor) for one in wanted]


@write
def import_categories(project: Project, wanted: Sequence[NewTag], *, actor: Actor) -> list[Category]:
    """Return a category for each one wanted, as for labels."""
    return [_import(CATEGORY, project, one, actor) for one in wanted]


def _import(kind: Kind[T], project: Project, wanted: NewTag, actor: Actor) -> T:
    places = [project.pk, project.workspace_id]
    usable = list(kind.rows.filter(place__in=places, name_key=name_key(wanted.name)))
    own = [tag for tag in usable if tag.project_id == project.pk]
    found = next(iter([*own, *usable]), None)
    return found or create_tag(kind, (project.workspace_id, project.pk), wanted, actor=actor)


def _save(kind: Kind[T], tag: T, update: list[str] | None) -> None:
    try:
        with transaction.atomic():
            tag.save(force_insert=update is None, update_fields=update)
    except IntegrityError as error:
        others = kind.rows.filter(place=tag.place, name_key=tag.name_key).exclude(pk=tag.pk)
        if not others.exists():
            raise
        detail = f"There is a {kind.noun} called “{tag.name}” here already. Choose another name."
        raise Invalid("name", "name_taken", detail) from error


def _record(event: type[Event], tag: Tag, changes: Changes, actor: Actor) -> None:
    recorded = event(
        object_id=tag.pk,
        version=tag.version,
        workspace=tag.workspace_id,
        project=tag.project_id,
        changes=changes,
    )
    record(recorded, actor=actor)

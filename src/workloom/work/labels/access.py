"""Labels and categories by the right that you need."""

from typing import TypeVar, cast
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Forbidden, Missing
from workloom.people.rights.rules import Right, demand, rights_in_workspace
from workloom.work.labels.models import Category, Label, Tag
from workloom.work.labels.queries import visible_categories, visible_labels
from workloom.work.projects.access import rights_on
from workloom.work.projects.queries import with_roles

T = TypeVar("T", bound=Tag)


def access_label(actor: Actor, label_id: UUID, right: Right, *, lock: bool = False) -> Label:
    """Return a label that the actor sees, with a right where it belongs; raises Missing or Forbidden."""
    return _access(actor, visible_labels(actor).filter(pk=label_id), right, lock=lock)


def access_category(actor: Actor, category_id: UUID, right: Right, *, lock: bool = False) -> Category:
    """Return a category that the actor sees, with a right where it belongs; raises Missing or Forbidden."""
    return _access(actor, visible_categories(actor).filter(pk=category_id), right, lock=lock)


def _access(actor: Actor, visible: QuerySet[T], right: Right, *, lock: bool) -> T:
    found = with_roles(visible, actor, "project")
    tag = (locked(found) if lock else found).first()
    if tag is None:
        raise Missing
    if right is not Right.PROJECT_READ:
        _demand(actor, tag, right)
    return tag


def _demand(actor: Actor, tag: Tag, right: Right) -> None:
    if tag.project_id is not None:
        demand(rights_on(actor, tag.project_id, tag), right, seen=Right.PROJECT_READ)
        return
    if actor.projects is not None:
        raise Forbidden(detail="Your token is for some projects only, and this belongs to a whole workspace.")
    role = cast("str | None", tag.workspace_role)  # type: ignore[attr-defined] # annotated by with_roles
    if right not in rights_in_workspace(actor, role):
        raise Forbidden(detail=f"This needs the right {right}, which your role or token does not have here.")

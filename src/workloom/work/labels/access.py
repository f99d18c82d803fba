"""Labels and categories by the right that you need."""

from typing import TypeVar, cast
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Forbidden, Invalid, Missing
from workloom.people.rights.rules import Right, demand, rights_in_workspace
from workloom.work.labels.models import Tag
from workloom.work.labels.queries import Kind, seen_by
from workloom.work.projects.access import access_project, rights_on
from workloom.work.projects.actions import ensure_home
from workloom.work.projects.queries import with_roles
from workloom.work.workspaces.access import access_workspace

T = TypeVar("T", bound=Tag)


def access_tag(kind: Kind[T], actor: Actor, tag_id: UUID, right: Right, *, lock: bool = False) -> T:
    """Return a label or category that the actor sees, with a right where it belongs; raises Missing or Forbidden."""
    found = with_roles(kind.rows.filter(seen_by(actor), pk=tag_id), actor.id, "project")
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


def access_place(actor: Actor, project: UUID | None, workspace: UUID | None) -> tuple[UUID, UUID | None]:
    """Return workspace and project to which the actor may add: what a body names, else the personal workspace.

    Raises Invalid on the field for what is not seen, Forbidden for what is seen.
    """
    if project is None:
        return _workspace(actor, workspace), None
    try:
        found = access_project(actor, project, Right.LABEL_EDIT)
    except Missing as error:
        raise Invalid("project", "unknown_project", "There is no such project that you may see.") from error
    if workspace not in {None, found.workspace_id}:
        raise Invalid("workspace", "contradiction", "The project is in another workspace. Send project alone.")
    return found.workspace_id, found.pk


def _workspace(actor: Actor, workspace: UUID | None) -> UUID:
    try:
        return access_workspace(actor, workspace or ensure_home(actor).workspace_id, Right.LABEL_EDIT).pk
    except Missing as error:
        raise Invalid("workspace", "unknown_workspace", "There is no such workspace that you may see.") from error

"""Workspaces, their members and invitations by the right that you need."""

from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Forbidden, Missing
from workloom.people.rights.rules import (
    Right,
    Rights,
    WorkspaceRole,
    demand,
    demand_personal,
    rights_in_workspace,
)
from workloom.work.workspaces.models import Invitation, Workspace, WorkspaceMember
from workloom.work.workspaces.queries import invitations_to, members_near, members_of, workspace_for


def access_workspace(actor: Actor, workspace_id: UUID, right: Right, *, lock: bool = False) -> Workspace:
    """Return a workspace in which the actor holds a right; raises Missing or Forbidden."""
    found = workspace_for(actor, workspace_id).filter(deleted_at__isnull=True)
    workspace = (locked(found) if lock else found).first()
    if workspace is None:
        raise Missing
    demand(rights_on_workspace(actor, workspace), right, seen=Right.WORKSPACE_READ)
    return workspace


def rights_on_workspace(actor: Actor, workspace: Workspace) -> Rights:
    """Return the actor's rights in a workspace out of `workspace_for`; a token limited to projects only reads."""
    role = cast("str | None", workspace.workspace_role)  # type: ignore[attr-defined] # annotated
    rights = rights_in_workspace(actor, role)
    if actor.projects is None:
        return rights
    is_near = workspace.projects.filter(pk__in=actor.projects).exists()
    return rights & {Right.WORKSPACE_READ} if is_near else frozenset()


def demand_new_workspace(actor: Actor) -> None:
    """Raise Forbidden for a token that may not make workspaces."""
    demand_personal(actor, Right.WORKSPACE_CREATE)
    demand_unlimited(actor)


def demand_unlimited(actor: Actor) -> None:
    """Raise Forbidden for a token that is limited to projects."""
    if actor.projects is not None:
        raise Forbidden(detail="This token is limited to some projects. Sign in, or use a token without that limit.")


def access_members(actor: Actor, workspace_id: UUID) -> QuerySet[WorkspaceMember]:
    """Return those of a workspace's members whom the actor sees; raises Missing."""
    workspace = access_workspace(actor, workspace_id, Right.WORKSPACE_READ)
    if Right.WORKSPACE_MEMBER_READ in rights_on_workspace(actor, workspace):
        return members_of(workspace)
    return members_near(actor, workspace)


def access_seen_member(actor: Actor, workspace_id: UUID, user_id: UUID) -> QuerySet[WorkspaceMember]:
    """Return a query that finds the one member asked for, whom the actor sees; raises Missing."""
    found = access_members(actor, workspace_id).filter(user=user_id)
    if not found.exists():
        raise Missing
    return found


def access_member(actor: Actor, workspace_id: UUID, user_id: UUID, right: Right) -> WorkspaceMember:
    """Return somebody's role in a workspace, both locked. Owners are for owners; leaving needs no right over others."""
    is_self = right is Right.WORKSPACE_LEAVE and user_id == actor.id
    is_others = right is Right.WORKSPACE_LEAVE and not is_self
    needed = Right.WORKSPACE_MEMBER_MANAGE if is_others else right
    workspace = access_workspace(actor, workspace_id, needed, lock=True)
    member = locked(members_of(workspace).filter(user=user_id)).first()
    if member is None:
        raise Missing
    if not is_self:
        demand_over(actor, workspace, member.role)
    member.workspace = workspace
    return member


def demand_over(actor: Actor, workspace: Workspace, role: str) -> None:
    """Raise Forbidden for who is no owner and gives, changes or takes away that role."""
    if role == WorkspaceRole.OWNER:
        demand(rights_on_workspace(actor, workspace), Right.WORKSPACE_OWNER_MANAGE, seen=Right.WORKSPACE_READ)


def access_invitation(actor: Actor, workspace_id: UUID, invitation_id: UUID, *, lock: bool = False) -> Invitation:
    """Return an invitation to a workspace or to one of its projects; raises Missing or Forbidden."""
    workspace = access_workspace(actor, workspace_id, Right.WORKSPACE_MEMBER_MANAGE)
    found = invitations_to(workspace.pk).filter(pk=invitation_id)
    invitation = (locked(found) if lock else found).first()
    if invitation is None:
        raise Missing
    return invitation

"""What an actor may see of workspaces."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from workloom.core.actor import Actor
from workloom.people.rights.rules import ADMINISTERING, Right, scope_allows, workspace_roles_with
from workloom.work.workspaces.models import Workspace, WorkspaceMember

M = TypeVar("M", bound=Model)


def workspaces_with(actor: Actor, right: Right) -> QuerySet[Workspace]:
    """Return the workspaces in which the actor holds a right."""
    if not scope_allows(actor, right):
        return Workspace.objects.none()
    if actor.is_operator:
        return Workspace.objects.all()
    held = WorkspaceMember.objects.filter(user=actor.id, role__in=workspace_roles_with(right))
    return Workspace.objects.filter(pk__in=held.values("workspace"))


def administered(actor: Actor) -> QuerySet[WorkspaceMember]:
    """Return the seats that make the actor an admin of every project of a workspace."""
    return WorkspaceMember.objects.filter(user=actor.id, role__in=ADMINISTERING)


def with_workspace_role(rows: QuerySet[M], actor: Actor, workspace: str = "pk") -> QuerySet[M]:
    """Add `workspace_role`, the actor's own, to rows that name a workspace."""
    mine = WorkspaceMember.objects.filter(workspace=OuterRef(workspace), user=actor.id)
    return rows.annotate(workspace_role=Subquery(mine.values("role")[:1]))


def in_workspaces(actor: Actor, right: Right, column: str = "workspace") -> Q:
    """Return the condition that a row's workspace is one in which the actor holds a right."""
    return Q(**{f"{column}__in": workspaces_with(actor, right).values("pk")})


def admins_of(workspace_id: UUID) -> QuerySet[WorkspaceMember]:
    """Return the seats of a workspace's owners and admins."""
    return WorkspaceMember.objects.filter(workspace=workspace_id, role__in=ADMINISTERING)

"""Workspaces by the right that you need."""

from typing import cast
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Missing
from workloom.people.rights.rules import Right, demand, rights_in_workspace
from workloom.work.workspaces.models import Workspace
from workloom.work.workspaces.queries import with_workspace_role


def access_workspace(actor: Actor, workspace_id: UUID, right: Right, *, lock: bool = False) -> Workspace:
    """Return a workspace in which the actor holds a right; raises Missing or Forbidden."""
    found = with_workspace_role(Workspace.objects.filter(pk=workspace_id), actor)
    workspace = (locked(found) if lock else found).first()
    if workspace is None:
        raise Missing
    role = cast("str | None", workspace.workspace_role)
    demand(rights_in_workspace(actor, role), right, seen=Right.WORKSPACE_READ)
    return workspace

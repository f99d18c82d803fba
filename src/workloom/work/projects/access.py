"""Projects by the right that you need."""

from typing import Any
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Missing
from workloom.people.rights.rules import Right, Rights, demand, project_role, rights_in_project
from workloom.work.projects.models import Project
from workloom.work.projects.queries import with_roles


def access_project(actor: Actor, project_id: UUID, right: Right, *, lock: bool = False) -> Project:
    """Return a project in which the actor holds a right; raises Missing or Forbidden."""
    return _access(actor, project_id, right, lock=lock, trashed=False)


def access_trashed_project(actor: Actor, project_id: UUID, right: Right) -> Project:
    """Return a project out of the trash, locked; raises Missing or Forbidden."""
    return _access(actor, project_id, right, lock=True, trashed=True)


def rights_on(actor: Actor, project_id: UUID, row: Any) -> Rights:
    """Return the actor's rights in a project, from a row that `with_roles` made."""
    if actor.projects is not None and project_id not in actor.projects:
        return frozenset()
    return rights_in_project(actor, project_role(actor, row.member_role, row.workspace_role))


def _access(actor: Actor, project_id: UUID, right: Right, *, lock: bool, trashed: bool) -> Project:
    found = with_roles(Project.objects.filter(pk=project_id, trashed_at__isnull=not trashed), actor)
    project = (locked(found) if lock else found).first()
    if project is None:
        raise Missing
    demand(rights_on(actor, project.pk, project), right, seen=Right.PROJECT_READ)
    return project

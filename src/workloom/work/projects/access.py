"""Projects, their members and invitations by the right that you need."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Forbidden, Missing
from workloom.core.ids import NOBODY
from workloom.core.prepared import Question, prepared
from workloom.people.rights.rules import Right, Rights, demand, project_role, rights_in_project, scope_allows
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.projects.queries import members_of, with_roles
from workloom.work.workspaces.models import Invitation
from workloom.work.workspaces.queries import invitations_to


def access_project(actor: Actor, project_id: UUID, right: Right, *, lock: bool = False) -> Project:
    """Return a project in which the actor holds a right; raises Missing or Forbidden."""
    return _access(actor, project_id, right, lock=lock, trashed=False)


def asking_project(actor: Actor, project_id: UUID) -> Question:
    """Return what `access_project` asks for one that it locks, for `asked_together`."""
    return _found.asking(project_id, actor.id or NOBODY, lock=True, trashed=False)


def access_trashed_project(actor: Actor, project_id: UUID, right: Right) -> Project:
    """Return a project out of the trash, locked; raises Missing or Forbidden."""
    return _access(actor, project_id, right, lock=True, trashed=True)


def access_member(actor: Actor, project_id: UUID, user_id: UUID, right: Right, *, lock: bool = False) -> ProjectMember:
    """Return somebody's role in a project, locked with it if at all; whoever only leaves needs no right over others."""
    is_others = right is Right.PROJECT_LEAVE and user_id != actor.id
    project = access_project(actor, project_id, Right.MEMBER_MANAGE if is_others else right, lock=lock)
    member = members_of(project.id).filter(user=user_id).first()
    if member is None:
        raise Missing
    member.project = project
    return member


def access_project_invitation(actor: Actor, project_id: UUID, invitation_id: UUID, *, lock: bool = False) -> Invitation:
    """Return an invitation to a project for who manages its members; raises Missing or Forbidden."""
    project = access_project(actor, project_id, Right.MEMBER_MANAGE)
    found = invitations_to(project.workspace_id).filter(project_id=project.id, pk=invitation_id)
    invitation = (locked(found) if lock else found).first()
    if invitation is None:
        raise Missing
    return invitation


def demand_project_maker(actor: Actor, people: Iterable[UUID]) -> None:
    """Raise Forbidden for a token with which no project can be made anywhere, or none with these people in it."""
    if actor.projects is not None or not scope_allows(actor, Right.PROJECT_CREATE):
        raise Forbidden(detail="Your token does not allow to make projects.", needs=str(Right.PROJECT_CREATE))
    if not scope_allows(actor, Right.MEMBER_MANAGE) and set(people) - {actor.id}:
        detail = "Your token does not allow to make somebody else a member or the owner."
        raise Forbidden(detail=detail, needs=str(Right.MEMBER_MANAGE))


def rights_on(actor: Actor, project_id: UUID, row: Any) -> Rights:
    """Return the actor's rights in a project, from a row that `with_roles` made."""
    if actor.projects is not None and project_id not in actor.projects:
        return frozenset()
    return rights_in_project(actor, project_role(actor, row.member_role, row.workspace_role))


def _access(actor: Actor, project_id: UUID, right: Right, *, lock: bool, trashed: bool) -> Project:
    project = _found.first(project_id, actor.id or NOBODY, lock=lock, trashed=trashed)
    if project is None:
        raise Missing
    demand(rights_on(actor, project.id, project), right, seen=Right.PROJECT_READ)
    return project


@prepared
def _found(project: UUID, person: UUID, *, lock: bool, trashed: bool) -> QuerySet[Project]:
    rows = Project.objects.filter(pk=project, trashed_at__isnull=not trashed)
    found = with_roles(rows.filter(workspace__deleted_at__isnull=True) if trashed else rows, person)
    return locked(found) if lock else found

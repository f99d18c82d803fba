"""What an actor may see of projects: every other room's lists start from here."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from workloom.core.actor import Actor
from workloom.people.accounts import queries as accounts
from workloom.people.rights.rules import Right, Role, roles_with, scope_allows
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.workspaces.queries import administered, admins_of, with_workspace_role

M = TypeVar("M", bound=Model)


def projects_with(actor: Actor, right: Right) -> QuerySet[Project]:
    """Return the projects, not in the trash, in which the actor holds a right."""
    return Project.objects.filter(held(actor, right), trashed_at__isnull=True)


def held(actor: Actor, right: Right) -> Q:
    """Return the condition on projects that the actor holds a right there, trash or not."""
    if not scope_allows(actor, right):
        return Q(pk__in=[])
    narrowed = Q(pk__in=actor.projects) if actor.projects is not None else Q()
    if actor.is_operator:
        return narrowed
    joined = ProjectMember.objects.filter(user=actor.id, role__in=roles_with(right))
    condition = Q(pk__in=joined.values("project"))
    if Role.ADMIN in roles_with(right):
        condition |= Q(workspace__in=administered(actor).values("workspace"))
    return narrowed & condition


def in_projects(actor: Actor, right: Right, column: str = "project") -> Q:
    """Return the condition that a row's project is one in which the actor holds a right."""
    return Q(**{f"{column}__in": projects_with(actor, right).values("pk")})


def with_roles(rows: QuerySet[M], actor: Actor, project: str = "pk", workspace: str = "workspace") -> QuerySet[M]:
    """Add `member_role` and `workspace_role`, the actor's own, to rows that name a project."""
    mine = ProjectMember.objects.filter(project=OuterRef(project), user=actor.id)
    return with_workspace_role(rows.annotate(member_role=Subquery(mine.values("role")[:1])), actor, workspace)


def people_in(project: Project, people: Iterable[UUID]) -> set[UUID]:
    """Return those of these people who are in a project: its members, and its workspace's owners and admins."""
    people = list(people)
    joined = set(ProjectMember.objects.filter(project=project, user__in=people).values_list("user_id", flat=True))
    outside = [person for person in people if person not in joined]
    if outside:
        joined |= set(admins_of(project.workspace_id).filter(user__in=outside).values_list("user_id", flat=True))
    return joined


def unknown_people(people: Iterable[UUID]) -> list[UUID]:
    """Return those of these ids that belong to nobody who can take part."""
    people = list(people)
    known = set(accounts.people().filter(pk__in=people, is_active=True).values_list("pk", flat=True))
    return [person for person in people if person not in known]

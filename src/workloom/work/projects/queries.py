"""What an actor may see of projects: every other room's lists start from here."""

from typing import TypeVar

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from workloom.core.actor import Actor
from workloom.people.rights.rules import Right, Role, roles_with, scope_allows
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.workspaces.queries import administered, with_workspace_role

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

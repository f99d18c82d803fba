"""Which events an actor may see, as conditions in SQL: nothing here costs more with more events."""

from collections.abc import Iterable

from django.db.models import Q

from workloom.core.actor import Actor
from workloom.events.record import Audience, Event
from workloom.people.rights.rules import Right, scope_allows
from workloom.work.projects.models import Project
from workloom.work.projects.queries import held, in_projects, projects_with
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.visible import mine
from workloom.work.workspaces.queries import workspaces_with

_OPEN_IN_PROJECT = frozenset({"project", "board", "column", "workflow", "status", "label", "category"})
"""Kinds of which a guest may read everything: they say nothing of other people."""
_OPEN_IN_WORKSPACE = frozenset({"workspace", "label", "category"})


def sees_all(actor: Actor) -> bool:
    """Tell whether the actor operates the installation, and does not look through a token for some projects."""
    return actor.is_operator and actor.projects is None and scope_allows(actor, Right.AUDIT_READ)


def seen_events(actor: Actor) -> Q:
    """Return the condition on events that the actor may see them, each by its audience."""
    if sees_all(actor):
        return Q()
    condition = Q(_for_members(actor), audience=Audience.MEMBERS)
    condition |= Q(audited(actor), audience=Audience.ADMINS)
    if actor.projects is None and scope_allows(actor, Right.ACCOUNT_READ):
        condition |= Q(audience=Audience.PERSON, actor_id=actor.id)
    return condition


def seen_on_task(actor: Actor) -> Q:
    """Return the condition on events of a task that the actor sees."""
    return Q(audience=Audience.MEMBERS) | Q(audited(actor), audience=Audience.ADMINS)


def audited(actor: Actor) -> Q:
    """Return the condition that the actor reads the audit log of an event's project or workspace, trash included."""
    if sees_all(actor):
        return Q(pk__isnull=False)
    projects = Project.objects.filter(held(actor, Right.AUDIT_READ)).values("pk")
    workspaces = workspaces_with(actor, Right.AUDIT_READ).values("pk")
    own = Q(audience__in=[Audience.MEMBERS, Audience.ADMINS])
    return own & (Q(project_id__in=projects) | Q(project_id__isnull=True, workspace_id__in=workspaces))


def _for_members(actor: Actor) -> Q:
    """Return the condition that an event for members is for the actor: by project, by task, or by workspace."""
    condition = Q(project_id__in=projects_with(actor, Right.TASK_READ).values("pk"))
    own = Task.objects.filter(in_projects(actor, Right.TASK_READ_OWN) & mine(actor))
    condition |= Q(subject_id__in=own.values("pk"))
    readable = projects_with(actor, Right.PROJECT_READ).values("pk")
    condition |= Q(type__in=_types(_OPEN_IN_PROJECT), subject_id__isnull=True, project_id__in=readable)
    gone = Project.objects.filter(held(actor, Right.PROJECT_READ), trashed_at__isnull=False)
    condition |= Q(type="project.trashed", project_id__in=gone.values("pk"))
    return condition | Q(_of_workspaces(actor), project_id__isnull=True)


def _of_workspaces(actor: Actor) -> Q:
    all_of_it = workspaces_with(actor, Right.WORKSPACE_MEMBER_READ).values("pk")
    some_of_it = workspaces_with(actor, Right.WORKSPACE_READ).values("pk")
    types = [name for name in _types(_OPEN_IN_WORKSPACE) if Event.known[name].object_type in _OPEN_IN_WORKSPACE]
    return Q(workspace_id__in=all_of_it) | Q(type__in=types, workspace_id__in=some_of_it)


def _types(kinds: Iterable[str]) -> list[str]:
    kinds = set(kinds)
    return [name for name in Event.known if name.split(".")[0] in kinds]

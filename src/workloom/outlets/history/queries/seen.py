"""Which events an actor may see, as conditions in SQL: nothing here costs more with more events."""

from collections.abc import Iterable

from django.db.models import OuterRef, Q, Subquery

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
    condition = Q(audience=Audience.MEMBERS) & _for_members(actor)
    condition |= Q(audience=Audience.ADMINS) & audited(actor)
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
    """Return the condition that an event for members is for the actor: by project, by workspace, or by task.

    What decides for most events stands first, and what is costly behind what is rarely true: databases ask in this order.
    The task is looked up event by event: PostgreSQL would rather read all of the actor's, for the hundred of a page.
    """
    condition = Q(project_id__in=projects_with(actor, Right.TASK_READ).values("pk"))
    readable = Q(project_id__in=projects_with(actor, Right.PROJECT_READ).values("pk"))
    condition |= Q(subject_id__isnull=True) & Q(type__in=_types(_OPEN_IN_PROJECT)) & readable
    gone = Project.objects.filter(held(actor, Right.PROJECT_READ), trashed_at__isnull=False)
    condition |= Q(type="project.trashed") & Q(project_id__in=gone.values("pk"))
    condition |= Q(project_id__isnull=True) & _of_workspaces(actor)
    own = Task.objects.filter(in_projects(actor, Right.TASK_READ_OWN) & mine(actor), pk=OuterRef("subject_id"))
    return condition | Q(subject_id=Subquery(own.values("pk")[:1]))


def _of_workspaces(actor: Actor) -> Q:
    all_of_it = workspaces_with(actor, Right.WORKSPACE_MEMBER_READ).values("pk")
    some_of_it = workspaces_with(actor, Right.WORKSPACE_READ).values("pk")
    types = [name for name in _types(_OPEN_IN_WORKSPACE) if Event.known[name].object_type in _OPEN_IN_WORKSPACE]
    return Q(workspace_id__in=all_of_it) | Q(type__in=types) & Q(workspace_id__in=some_of_it)


def _types(kinds: Iterable[str]) -> list[str]:
    kinds = set(kinds)
    return [name for name in Event.known if name.split(".")[0] in kinds]

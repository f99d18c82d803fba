"""Which tasks an actor may see: every list, check, search and feed starts here."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.conditions import for_actor
from workloom.people.rights.rules import Right
from workloom.work.projects.queries import in_projects
from workloom.work.tasks.models import Assignment, Task


def seen_by(actor: Actor) -> Q:
    """Return the condition on tasks: all of a project where the actor reads all, else those assigned to or reported by them."""
    everything = in_projects(actor, Right.TASK_READ)
    if actor.is_operator:
        return everything
    return everything | in_projects(actor, Right.TASK_READ_OWN) & mine(actor)


def seen(actor: Actor) -> Q:
    """Return `seen_by` as data, for lists that keep their SQL."""
    return for_actor(seen_by, actor)


def mine(actor: Actor) -> Q:
    """Return the condition that a task is reported by or assigned to the actor."""
    return Q(reporter=actor.id) | Q(Exists(Assignment.objects.filter(task=OuterRef("pk"), user=actor.id)))


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """Return every task that the actor may see, archived and trashed ones too: lists leave those out by their filters."""
    return Task.objects.filter(seen_by(actor))


def live_tasks(actor: Actor) -> QuerySet[Task]:
    """Return every task that the actor may see and that is not in the trash."""
    return visible_tasks(actor).filter(trashed_at__isnull=True)

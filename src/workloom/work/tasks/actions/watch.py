"""Who is told of a task."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.events.record import record
from workloom.work.tasks.actions.recording import task_event
from workloom.work.tasks.events import WatchersChanged
from workloom.work.tasks.models import Task, Watcher


@write
def watch_task(task: Task, person: UUID, *, actor: Actor) -> None:
    """Let somebody be told of a task, even after they once left."""
    row, is_new = Watcher.objects.get_or_create(task=task, user_id=person, defaults={"created_at": now()})
    if not is_new and not row.is_muted:
        return
    Watcher.objects.filter(pk=row.pk).update(is_muted=False)
    record(task_event(WatchersChanged, task, {"watcher": (None, person)}), actor=actor)


@write
def unwatch_task(task: Task, person: UUID, *, actor: Actor) -> None:
    """Stop telling somebody; later assignments do not bring them back."""
    if Watcher.objects.filter(task=task, user=person, is_muted=False).update(is_muted=True):
        record(task_event(WatchersChanged, task, {"watcher": (person, None)}), actor=actor)

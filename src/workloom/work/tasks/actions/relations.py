"""What hangs on a task in other tables."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F

from workloom.core.clock import now
from workloom.work.tasks.models import Assignment, Task, TaskLabel, Watcher


def replace_assignees(task: Task, old: Sequence[UUID], people: Sequence[UUID]) -> None:
    """Make `people` the assignees in their order; who is new also watches, unless they once left."""
    Assignment.objects.filter(task=task).delete()
    Assignment.objects.bulk_create([Assignment(task=task, user_id=person) for person in people])
    watch(task, [person for person in people if person not in old])


def replace_labels(task: Task, old: Sequence[UUID], labels: Sequence[UUID]) -> None:
    """Take off what is no longer wanted, put on what is new."""
    TaskLabel.objects.filter(task=task, label__in=set(old) - set(labels)).delete()
    TaskLabel.objects.bulk_create([TaskLabel(task=task, label_id=label) for label in labels if label not in old])


def watch(task: Task, people: Sequence[UUID]) -> None:
    """Let people be told of a task; those who muted it stay as they are."""
    moment = now()
    Watcher.objects.bulk_create(
        [Watcher(task=task, user_id=person, created_at=moment) for person in people], ignore_conflicts=True
    )


def reparent(task: Task, parent: Task | None) -> dict[str, tuple[Any, Any]]:
    """Hang a task below another one, and count on both."""
    old, new = task.parent_id, parent.pk if parent else None
    if old == new:
        return {}
    task.parent = parent
    count_subtasks(old, -1)
    count_subtasks(new, 1)
    return {"parent": (old, new)}


def count_subtasks(parent: UUID | None, change: int) -> None:
    """Add to a parent's count; it is something the parent shows, so its version rises."""
    if parent is not None:
        Task.objects.filter(pk=parent).update(subtasks_count=F("subtasks_count") + change, version=F("version") + 1)

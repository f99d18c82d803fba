"""From a task and what changed of it to events."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from workloom.events.record import Event
from workloom.work.tasks.events import TaskAssigned, TaskEvent, TaskMoved, TaskStatusChanged, TaskUpdated
from workloom.work.tasks.models import Task

Changes = Mapping[str, tuple[Any, Any]]
E = TypeVar("E", bound=Event)
_BY_FIELD: Mapping[str, type[TaskEvent]] = {
    "status": TaskStatusChanged,
    "assignees": TaskAssigned,
    "rank": TaskMoved,
    "board": TaskMoved,
    "project": TaskMoved,
    "key": TaskMoved,
}


def event_with_task(kind: type[E], task: Task, *, object_id: UUID, version: int = 0, changes: Changes) -> E:
    """Make an event about something that belongs to a task, whose project is loaded, or about the task itself."""
    return kind(
        object_id=object_id,
        key=f"{task.project.key}-{task.number}",
        version=version,
        workspace=task.project.workspace_id,
        project=task.project_id,
        subject=task.pk,
        changes=changes,
    )


def task_event(kind: type[TaskEvent], task: Task, changes: Changes) -> TaskEvent:
    """Make an event of one kind about a task whose project is loaded."""
    return event_with_task(kind, task, object_id=task.pk, version=task.version, changes=changes)


def events_of(task: Task, changes: Changes) -> list[TaskEvent]:
    """Sort one write's changes by what readers of the log look for: a move, a new status, other people, the rest."""
    sorted_changes: dict[type[TaskEvent], dict[str, tuple[Any, Any]]] = {}
    for name, pair in changes.items():
        sorted_changes.setdefault(_BY_FIELD.get(name, TaskUpdated), {})[name] = pair
    return [task_event(kind, task, part) for kind, part in sorted_changes.items()]

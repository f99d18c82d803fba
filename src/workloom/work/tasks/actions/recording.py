"""From a task and what changed of it to events."""

from collections.abc import Mapping
from typing import Any

from workloom.work.tasks.events import TaskAssigned, TaskEvent, TaskMoved, TaskStatusChanged, TaskUpdated
from workloom.work.tasks.models import Task

_BY_FIELD: Mapping[str, type[TaskEvent]] = {
    "status": TaskStatusChanged,
    "assignees": TaskAssigned,
    "rank": TaskMoved,
    "board": TaskMoved,
    "project": TaskMoved,
    "key": TaskMoved,
}


def task_event(kind: type[TaskEvent], task: Task, changes: Mapping[str, tuple[Any, Any]]) -> TaskEvent:
    """Make an event of one kind about a task whose project is loaded."""
    return kind(
        object_id=task.pk,
        key=f"{task.project.key}-{task.number}",
        version=task.version,
        workspace=task.project.workspace_id,
        project=task.project_id,
        subject=task.pk,
        changes=changes,
    )


def events_of(task: Task, changes: Mapping[str, tuple[Any, Any]]) -> list[TaskEvent]:
    """Sort one write's changes by what readers of the log look for: a move, a new status, other people, the rest."""
    sorted_changes: dict[type[TaskEvent], dict[str, tuple[Any, Any]]] = {}
    for name, pair in changes.items():
        sorted_changes.setdefault(_BY_FIELD.get(name, TaskUpdated), {})[name] = pair
    return [task_event(kind, task, part) for kind, part in sorted_changes.items()]

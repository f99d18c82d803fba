"""A task and what hangs below it."""

from typing import Any
from uuid import UUID

from workloom.work.tasks.models import Task

AT_ONCE = 1000
"""How many ids one condition names."""


def tasks_below(task: UUID, **conditions: Any) -> list[Task]:
    """Return all tasks below one that fit the conditions, those nearer to it first; none twice, even in a circle."""
    found: list[Task] = []
    seen, level = {task}, [task]
    while level:
        fresh = [child for child in _children(level, conditions) if child.pk not in seen]
        seen.update(child.pk for child in fresh)
        found += fresh
        level = [child.pk for child in fresh]
    return found


def _children(parents: list[UUID], conditions: dict[str, Any]) -> list[Task]:
    rows = Task.objects.filter(**conditions).select_related("project", "status")
    return [
        child
        for start in range(0, len(parents), AT_ONCE)
        for child in rows.filter(parent__in=parents[start : start + AT_ONCE])
    ]

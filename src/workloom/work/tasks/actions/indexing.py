"""Keeping the search index true to the tasks, in the transaction of the change."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from workloom.core.search import IndexEntry, drop_rows, index_rows
from workloom.work.tasks.models import Task
from workloom.work.tasks.rules import CLOSED

INDEXED = frozenset({"title", "description", "status", "project", "key"})
"""A change of these makes a new entry."""


def index_tasks(tasks: Sequence[Task]) -> None:
    """Enter tasks, whose project is loaded, as they are now."""
    index_rows([_entry(task) for task in tasks])


def unindex_tasks(tasks: Iterable[UUID]) -> None:
    """Take tasks out of the index."""
    drop_rows(tasks)


def _entry(task: Task) -> IndexEntry:
    return IndexEntry(
        object_id=task.pk,
        kind="task",
        scope=task.project_id,
        subject=task.pk,
        is_open=task.status_category not in CLOSED,
        title=f"{task.project.key}-{task.number} {task.title}",
        body=task.description,
        updated_at=task.updated_at,
    )

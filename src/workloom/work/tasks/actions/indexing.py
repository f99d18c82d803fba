"""Keeping the search index true to the tasks, in the transaction of the change."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.models import SearchRow
from workloom.core.prepared import prepared
from workloom.core.search import IndexEntry, drop_subjects, index_rows, mark_open, new_rows
from workloom.work.projects.models import FormerKey, Project
from workloom.work.tasks.models import FormerTaskKey, Task
from workloom.work.tasks.rules import CLOSED

INDEXED = frozenset({"title", "description", "project", "key"})
"""A change of these makes a new entry."""


def index_tasks(tasks: Sequence[Task]) -> None:
    """Enter tasks, whose project is loaded, as they are now, to be found by their former keys too."""
    if not tasks:
        return
    former = defaultdict[UUID, list[str]](list)
    for task_id, project_key, number in _former_keys([task.id for task in tasks]):
        former[task_id].append(f"{project_key}-{number}")
    for project, key in _former_project_keys(list({task.project_id for task in tasks})):
        for task in tasks:
            if task.project_id == project:
                former[task.id].append(f"{key}-{task.number}")
    index_rows([_entry(task, former[task.id]) for task in tasks])


@prepared
def _former_keys(tasks: list[UUID]) -> QuerySet[FormerTaskKey, tuple[UUID, str, int]]:
    keys = FormerTaskKey.objects.filter(task__in=tasks).order_by("-pk")
    return keys.values_list("task_id", "project__key", "number")


@prepared
def _former_project_keys(projects: list[UUID]) -> QuerySet[FormerKey, tuple[UUID, str]]:
    return FormerKey.objects.filter(project__in=projects).values_list("project_id", "key")


def new_entries(tasks: Sequence[Task]) -> list[SearchRow]:
    """Return what is to be inserted of tasks that never had another key."""
    return new_rows([_entry(task, ()) for task in tasks])


def mark_tasks(tasks: Sequence[Task]) -> None:
    """Note whether tasks are open, on their entries and those of what hangs on them."""
    for is_open in (True, False):
        marked = [task.id for task in tasks if (task.status_category not in CLOSED) is is_open]
        if marked:
            mark_open(marked, is_open)


def unindex_tasks(tasks: Iterable[UUID]) -> None:
    """Take tasks, and what hangs on them, out of the index."""
    drop_subjects(tasks)


def _entry(task: Task, former: Sequence[str]) -> IndexEntry:
    return IndexEntry(
        object_id=task.id,
        kind="task",
        scope=task.project_id,
        subject=task.id,
        is_open=task.status_category not in CLOSED,
        title=task.title,
        body=task.description,
        updated_at=task.updated_at,
        codes=(f"{task.project.key}-{task.number}", *former),
    )


def reindex_project(project: Project) -> None:
    """Enter all tasks of a project anew, whose key changed."""
    tasks = Task.objects.filter(project=project, trashed_at__isnull=True).select_related("project").order_by("pk")
    last: UUID | None = None
    while batch := list((tasks.filter(pk__gt=last) if last else tasks)[:500]):
        index_tasks(batch)
        last = batch[-1].id

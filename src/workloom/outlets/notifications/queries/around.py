"""Who stands around a task."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from workloom.core.ids import parse_uuid
from workloom.core.prepared import prepared
from workloom.events.rows import Published
from workloom.outlets.notifications.rules.reasons import Around
from workloom.people.accounts.queries import people
from workloom.work.comments.models import Comment
from workloom.work.tasks.models import Assignment, Task, Watcher
from workloom.work.workflows.models import Status


def live_tasks_of(events: Iterable[Published]) -> dict[UUID | None, Task]:
    """Return the tasks of events with their projects, by id, but for those that are gone or in the trash."""
    subjects = {event.subject_id for event in events if event.subject_id is not None}
    return {task.pk: task for task in _live(list(subjects))} if subjects else {}


@prepared
def _live(keys: Sequence[UUID]) -> QuerySet[Task]:
    live = Task.objects.filter(pk__in=keys, trashed_at__isnull=True, project__trashed_at__isnull=True)
    return live.select_related("project")


def around_each(tasks: Collection[Task]) -> dict[UUID, Around]:
    """Return the people around each task, in two queries."""
    keys = [task.pk for task in tasks]
    if not keys:
        return {}
    workers: dict[UUID, set[UUID]] = {key: set() for key in keys}
    watchers: dict[UUID, set[UUID]] = {key: set() for key in keys}
    muted: dict[UUID, set[UUID]] = {key: set() for key in keys}
    for task, user in _workers(keys):
        workers[task].add(user)
    for task, user, left in _watchers(keys):
        (muted if left else watchers)[task].add(user)
    return {
        task.pk: Around(
            task.reporter_id, frozenset(workers[task.pk]), frozenset(watchers[task.pk]), frozenset(muted[task.pk])
        )
        for task in tasks
    }


@prepared
def _workers(keys: Sequence[UUID]) -> QuerySet[Assignment, tuple[UUID, UUID]]:
    return Assignment.objects.filter(task__in=keys).values_list("task_id", "user_id")


@prepared
def _watchers(keys: Sequence[UUID]) -> QuerySet[Watcher, tuple[UUID, UUID, bool]]:
    return Watcher.objects.filter(task__in=keys).values_list("task_id", "user_id", "is_muted")


def author_of_parent(event: Published) -> frozenset[UUID]:
    """Return who wrote what a comment answers."""
    pair: Any = event.changes.get("parent") if event.object_type == "comment" else None
    parent = parse_uuid(pair[1]) if pair else None
    found = Comment.objects.filter(pk=parent).values_list("author_id", flat=True) if parent else ()
    return frozenset(found)


def people_named(names: Collection[str]) -> frozenset[UUID]:
    """Return the people with these folded usernames."""
    if not names:
        return frozenset()
    return frozenset(people().filter(username_key__in=names, is_active=True).values_list("pk", flat=True))


def labels_of(named: Collection[tuple[UUID, str]]) -> dict[tuple[UUID, str], str]:
    """Return what statuses of projects are called."""
    if not named:
        return {}
    projects, slugs = {project for project, _ in named}, {slug for _, slug in named}
    return {(project, slug): label for project, slug, label in _labels(list(projects), list(slugs))}


@prepared
def _labels(projects: Sequence[UUID], slugs: Sequence[str]) -> QuerySet[Status, tuple[UUID, str, str]]:
    found = Status.objects.filter(project__in=projects, slug__in=slugs).order_by()
    return found.values_list("project_id", "slug", "label")

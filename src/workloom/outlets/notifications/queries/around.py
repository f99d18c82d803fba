"""Who stands around a task."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from workloom.core.ids import parse_uuid
from workloom.events.rows import Published
from workloom.outlets.notifications.rules.reasons import Around
from workloom.people.accounts.queries import people
from workloom.work.comments.models import Comment
from workloom.work.tasks.models import Assignment, Task, Watcher
from workloom.work.workflows.models import Status


def task_of(subject: UUID | None) -> Task | None:
    """Return the task of an event with its project, unless it is gone or in the trash."""
    if subject is None:
        return None
    live = Task.objects.filter(pk=subject, trashed_at__isnull=True, project__trashed_at__isnull=True)
    return live.select_related("project").first()


def around(task: Task) -> Around:
    """Return the people around one task."""
    return around_each([task])[task.pk]


def around_each(tasks: Collection[Task]) -> dict[UUID, Around]:
    """Return the people around each task, in two queries."""
    keys = [task.pk for task in tasks]
    workers: dict[UUID, set[UUID]] = {key: set() for key in keys}
    watchers: dict[UUID, set[UUID]] = {key: set() for key in keys}
    muted: dict[UUID, set[UUID]] = {key: set() for key in keys}
    for task, user in Assignment.objects.filter(task__in=keys).values_list("task_id", "user_id"):
        workers[task].add(user)
    for task, user, left in Watcher.objects.filter(task__in=keys).values_list("task_id", "user_id", "is_muted"):
        (muted if left else watchers)[task].add(user)
    return {
        task.pk: Around(
            task.reporter_id, frozenset(workers[task.pk]), frozenset(watchers[task.pk]), frozenset(muted[task.pk])
        )
        for task in tasks
    }


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


def labels_of(project: UUID, slugs: Collection[str]) -> dict[str, str]:
    """Return what statuses are called."""
    return dict(Status.objects.filter(project=project, slug__in=slugs).values_list("slug", "label"))

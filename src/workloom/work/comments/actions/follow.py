"""What comments do when their task goes, comes back or moves: see config/seams.py."""

from collections.abc import Sequence

from workloom.core.actor import Actor
from workloom.core.db import write
from workloom.work.comments.actions.common import index_comments, unindex_comments
from workloom.work.comments.models import Comment
from workloom.work.tasks.models import Task

BATCH = 500


@write
def leave_with_tasks(tasks: Sequence[Task], *, actor: Actor) -> None:
    """Leave the search index with tasks that go to the trash."""
    unindex_comments(list(Comment.objects.filter(task__in=tasks, deleted_at__isnull=True).values_list("pk", flat=True)))


@write
def return_with_tasks(tasks: Sequence[Task], *, actor: Actor) -> None:
    """Come back to the search index with tasks out of the trash."""
    _index(tasks)


@write
def follow_task(task: Task, *, actor: Actor) -> None:
    """Be found in the project where the task is now."""
    if task.trashed_at is None:
        _index([task])


def _index(tasks: Sequence[Task]) -> None:
    by_id, last = {task.pk: task for task in tasks}, None
    while True:
        found = Comment.objects.filter(task__in=tasks, deleted_at__isnull=True).order_by("pk")
        batch = list((found.filter(pk__gt=last) if last else found)[:BATCH])
        if not batch:
            return
        for comment in batch:
            comment.task = by_id[comment.task_id]
        index_comments(batch)
        last = batch[-1].pk

"""What comments do when their task comes back or moves: see config/seams.py."""

from collections.abc import Sequence

from workloom.core.actor import Actor
from workloom.core.db import write
from workloom.core.search import move_scope
from workloom.work.comments.actions.common import index_comments
from workloom.work.comments.models import Comment
from workloom.work.tasks.models import Task

BATCH = 500


@write
def return_with_tasks(tasks: Sequence[Task], *, actor: Actor) -> None:
    """Come back to the search index with tasks out of the trash, having left it with them."""
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


@write
def follow_task(task: Task, *, actor: Actor) -> None:
    """Be found in the project where the task is now."""
    move_scope([task.pk], task.project_id)

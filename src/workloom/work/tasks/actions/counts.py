"""What upper rooms change of what a task shows: only through here."""

from uuid import UUID

from django.db.models import F

from workloom.core.db import write
from workloom.work.tasks.models import Task


@write
def count_on_task(task_id: UUID, column: str, change: int) -> None:
    """Add to `comments_count` or `attachments_count`; the task's version rises with it."""
    Task.objects.filter(pk=task_id).update(**{column: F(column) + change, "version": F("version") + 1})

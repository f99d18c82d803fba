"""What a write does beside its own row."""

from typing import Any
from uuid import uuid4

from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Value
from django.utils import timezone

from bench.side_by_side.usual.models import Event, Project, Task, TaskText, User
from workloom.core.rank import between


def fresh_rank(project: Project) -> str:
    """Return a place behind the last task of a locked project."""
    return between(project.tasks.order_by("-rank").values_list("rank", flat=True).first(), None)


def write_text(task: Task) -> None:
    """Enter a task in the full-text index, where the database has one."""
    if connection.vendor != "postgresql":
        return
    text = Value(f"{task.title} {task.description}")
    TaskText.objects.create(task=task, document=SearchVector(text, config="simple"))


def record(kind: str, task: Task, changes: dict[str, Any], user: User) -> None:
    """Write the event; its number below zero keeps it from the product's publisher, which runs beside this server."""
    event = uuid4()
    Event.objects.create(
        id=event,
        seq=-(event.int >> 65),
        type=kind,
        occurred_at=timezone.now(),
        actor_id=user.pk,
        workspace_id=task.project.workspace_id,
        project_id=task.project_id,
        subject_id=task.pk,
        object_id=task.pk,
        object_key=f"{task.project.key}-{task.number}",
        object_version=task.version,
        changes=changes,
    )

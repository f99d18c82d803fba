# ruff: noqa: SLF001 - rows have to be those of the product, and Django names a model's facts _meta
"""Taking back what a measured write left: new rows go, changed ones become what they were, counters too."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Max

from bench.side_by_side.data.sinks import tidy
from workloom.core.clock import now
from workloom.core.models import SearchRow
from workloom.events.models import Consumer, Head, LogRow
from workloom.work.projects.models import Project
from workloom.work.tasks.models import Task

_PATIENCE_S = 120
_CHANGED = ("status_id", "status_category", "started_at", "completed_at", "version", "updated_at")
_KEPT = {"accounts", "workspaces", "projects", "boards", "labels"}


class NotFollowed(Exception):
    """The readers of the log did not come to its end."""


@dataclass(frozen=True)
class Before:
    """How it was."""

    at: datetime
    last_event: int
    head: dict[str, Any]
    projects: list[Project]
    tasks: dict[Any, tuple[Any, ...]]


@contextmanager
def taken_back(sampled: list[Any], *, followed: bool = False, tidied: bool = True) -> Iterator[None]:
    """Leave the database as it was before the block; `sampled` are the tasks that may be changed in it.

    `followed` says that a worker reads the log meanwhile; it has to be at rest before rows can go. `tidied` lets the
    database forget the rows that went, which takes seconds: for what wrote many.
    """
    before = _remember(sampled)
    yield
    if followed:
        let_readers_finish()
    with transaction.atomic():
        _remove_new(before)
        _restore(before)
    if tidied and connection.vendor == "postgresql":
        tidy([Task._meta.db_table, Project._meta.db_table, SearchRow._meta.db_table, LogRow._meta.db_table])


def _remember(sampled: list[Any]) -> Before:
    rows = Task.objects.filter(pk__in=sampled).values_list("pk", *_CHANGED)
    return Before(
        now(),
        LogRow.objects.aggregate(last=Max("n"))["last"] or 0,
        Head.objects.filter(pk=1).values("seq", "hash")[0],
        list(Project.objects.all()),
        {key: tuple(values) for key, *values in rows},
    )


def let_readers_finish() -> None:
    """Wait until whoever follows the log has seen all of it: what they write goes with the rest."""
    began, last = time.monotonic(), Head.objects.get(pk=1).seq
    while any(seq < last for seq in Consumer.objects.filter(name__in=settings.CONSUMERS).values_list("seq", flat=True)):
        if time.monotonic() - began > _PATIENCE_S:
            raise NotFollowed("The readers of the log are too far behind.")
        time.sleep(0.2)


def _remove_new(before: Before) -> None:
    made = list(Task.objects.filter(created_at__gte=before.at).values_list("pk", flat=True))
    for model in apps.get_models():
        names = {field.name: field for field in model._meta.concrete_fields}
        if model._meta.app_label in _KEPT or model is Task:
            continue
        pointing = [name for name, field in names.items() if field.related_model is Task]
        for name in pointing:
            delete(model.objects.filter(**{f"{name}__in": made}))  # type: ignore[attr-defined] # every model has its manager
        if isinstance(names.get("created_at"), models.DateTimeField):
            delete(model.objects.filter(created_at__gte=before.at))  # type: ignore[attr-defined] # as above
    delete(SearchRow.objects.filter(subject__in=made))
    delete(LogRow.objects.filter(n__gt=before.last_event))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM bench_task_text WHERE task_id = ANY(%s)", [made])
    delete(Task.objects.filter(pk__in=made))


def delete(found: Any) -> None:
    """Delete in one statement: nothing hangs on these rows that is not deleted by itself."""
    found._raw_delete(found.db)


def _restore(before: Before) -> None:
    Head.objects.filter(pk=1).update(**before.head)
    Consumer.objects.filter(name__in=settings.CONSUMERS).update(seq=before.head["seq"])
    Project.objects.bulk_update(before.projects, ["next_number", "tasks_count", "version", "updated_at"])
    changed = []
    for task in Task.objects.filter(pk__in=before.tasks):
        old = before.tasks[task.pk]
        if task.version != old[_CHANGED.index("version")]:
            for name, value in zip(_CHANGED, old, strict=True):
                setattr(task, name, value)
            changed.append(task)
    Task.objects.bulk_update(changed, [name.removesuffix("_id") for name in _CHANGED], batch_size=500)
    for is_open in (True, False):
        names = [task.pk for task in changed if (task.status_category not in {"done", "cancelled"}) is is_open]
        SearchRow.objects.filter(subject__in=names).update(is_open=is_open)

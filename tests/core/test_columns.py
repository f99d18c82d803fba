"""What the quick readers make of rows is what Django makes of them, on each database."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet

from tests.cast import Cast
from tests.work.tasks.making import make_task
from workloom.core.clock import now
from workloom.core.columns import read_id, read_instants, read_naive_instants
from workloom.core.prepared import prepared
from workloom.work.tasks.models import Task

KEY = UUID("01a22c83-6b9c-7bb5-8c4b-5e32f32995f6")
COLUMNS = ("pk", "number", "parent_id", "due_at", "due_date", "is_archived", "estimate", "created_at", "completed_at")


@prepared
def _in(project: UUID) -> QuerySet[Task, Any]:
    return Task.objects.filter(project=project).order_by("number").values_list(*COLUMNS)


@prepared
def _instances(project: UUID) -> QuerySet[Task, Any]:
    return Task.objects.filter(project=project).order_by("number")


def test_prepared_rows_are_those_of_a_query(cast: Cast) -> None:
    first = make_task(cast.project, cast.admin, due_at=now(), due_date=now().date())
    second, third = (make_task(cast.project, cast.admin) for _ in range(2))
    Task.objects.filter(pk=second.pk).update(parent=first, is_archived=True, estimate=1.5)
    Task.objects.filter(pk=third.pk).update(completed_at=datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC))
    usual = Task.objects.filter(project=cast.project).order_by("number")
    for turn in range(3):  # made, prepared by the driver, run as prepared
        rows = _in(cast.project.pk)
        assert rows == list(usual.values_list(*COLUMNS)), turn
        assert [list(map(type, row)) for row in rows] == [list(map(type, row)) for row in usual.values_list(*COLUMNS)]
        read = [task.__dict__ | {"_state": None} for task in _instances(cast.project.pk)]
        assert read == [task.__dict__ | {"_state": None} for task in usual]


def test_while_somebody_counts_the_rows_are_the_same(cast: Cast) -> None:
    make_task(cast.project, cast.admin, due_at=now())
    alone = _in(cast.project.pk)
    connection.force_debug_cursor = True
    try:
        assert _in(cast.project.pk) == alone
    finally:
        connection.force_debug_cursor = False


@pytest.mark.parametrize("text", [KEY.hex, str(KEY)])
def test_ids_are_read_with_hyphens_or_without(text: str) -> None:
    assert (read_id(text), read_id(None)) == (KEY, None)


def test_instants_are_read_in_utc() -> None:
    with_part, whole = datetime(2026, 11, 30, 1, 2, 3, 4, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)
    naive = ["2026-11-30 01:02:03.000004", None, "2026-11-30 00:00:00"]
    assert list(read_naive_instants(naive)) == [with_part, None, whole]
    assert list(read_instants(["2026-11-30 01:02:03.000004+00", None, whole])) == [with_part, None, whole]
    [read] = read_instants(["2026-11-30 00:00:00+00"])
    assert read.tzinfo is UTC

"""Rows written by SQL that is made once are what `bulk_create` and `save` would have written."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.factories import make_user
from tests.work.tasks.making import make_task
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.core.rows import FEW, insert_held, insert_rows, update_row
from workloom.work.tasks.models import Task, Watcher


def _like(task: Task, number: int, **other: Any) -> Task:
    fields = {field.attname: getattr(task, field.attname) for field in Task._meta.local_concrete_fields}
    return Task(**{**fields, "id": uuid7(), "number": number, "rank": f"Z{number:04}", **other})


@pytest.mark.parametrize("count", [1, 3, FEW, FEW + 1])
def test_what_is_inserted_is_read_back(cast: Cast, count: int) -> None:
    first = make_task(cast.project, cast.admin)
    rows = [_like(first, 100 + at, title=f"Ünïcode % {at}", due_at=now() if at % 2 else None) for at in range(count)]
    insert_rows(rows)
    found = {task.pk: task for task in Task.objects.filter(number__gte=100)}
    assert len(found) == count
    for row in rows:
        assert not row._state.adding
        for field in Task._meta.local_concrete_fields:
            assert getattr(found[row.pk], field.attname) == getattr(row, field.attname), field


def test_the_database_counts_keys_that_it_gives(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    insert_rows([Watcher(task=task, user=user, created_at=now()) for user in (cast.member, cast.viewer)])
    assert set(Watcher.objects.filter(task=task).values_list("user", flat=True)) >= {cast.member.pk, cast.viewer.pk}


@pytest.mark.parametrize("watched", [1, FEW + 1])
@pytest.mark.parametrize("count", [1, FEW + 1])
def test_groups_go_in_in_their_order(cast: Cast, count: int, watched: int) -> None:
    """Databases that check at once what rows say of each other would refuse them otherwise."""
    first = make_task(cast.project, cast.admin)
    tasks = [_like(first, 200 + at) for at in range(count)]
    people = [make_user() for _ in range(watched)]
    insert_held(tasks, [], [Watcher(task=tasks[0], user=user, created_at=now()) for user in people])
    assert Watcher.objects.filter(task=tasks[0]).count() == watched
    assert Task.objects.filter(number__gte=200).count() == count


def test_nothing_is_inserted_for_nothing(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        insert_rows([])
        insert_held([], [])
    assert len(asked) == 0


def test_a_row_that_is_there_is_refused(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([_like(task, task.number)])


def test_only_the_named_fields_are_stored(cast: Cast) -> None:
    task, other = make_task(cast.project, cast.admin), make_task(cast.project, cast.admin)
    task.title, task.description, task.board_id = "New", "not stored", other.board_id
    update_row(task, ["title", "board"])
    task.refresh_from_db()
    other.refresh_from_db()
    assert (task.title, task.description) == ("New", "")
    assert other.title == "A task"

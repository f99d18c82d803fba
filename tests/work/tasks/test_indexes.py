"""What few tasks have is found by an index of these alone, where the database knows such."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import F, QuerySet

from tests.cast import Cast
from tests.work.tasks.making import make_tasks
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.work.tasks.models import Task

FOUND_BY: dict[str, Callable[[], QuerySet[Task]]] = {
    "task_by_parent": lambda: Task.objects.filter(parent=uuid7()),
    "task_to_breach": lambda: Task.objects.filter(breach_watch__lte=now()).order_by("breach_watch"),
    "task_by_trash": lambda: Task.objects.filter(trash=uuid7()),
}


@pytest.fixture
def by_index(db: None) -> None:
    """Have PostgreSQL take an index where a table of a few rows would be read as a whole."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


@pytest.mark.usefixtures("by_index")
@pytest.mark.parametrize("name", FOUND_BY)
def test_what_few_tasks_have_is_found_by_its_index(cast: Cast, name: str) -> None:
    make_tasks(cast.project, cast.admin, [f"Task {number}" for number in range(30)])
    assert name in FOUND_BY[name]().explain()


def _of_those_alone(asked: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(asked, [Task._meta.db_table])
        return {name for name, text in cursor.fetchall() if "IS NOT NULL" in (text or "")}


@pytest.mark.postgres
@pytest.mark.django_db
def test_who_has_nothing_there_is_not_in_these_indexes_on_postgresql() -> None:
    assert _of_those_alone("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s") == set(FOUND_BY)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_who_has_nothing_there_is_not_in_these_indexes_on_sqlite() -> None:
    assert _of_those_alone("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s") == set(
        FOUND_BY
    )


@pytest.mark.postgres
def test_the_order_by_due_date_is_read_off_its_index(cast: Cast) -> None:
    """Tasks without a date stand in it too, last: were they not in the index, one's tasks would be sorted at each page."""
    make_tasks(cast.project, cast.admin, ["One", "Other"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    asked = Task.objects.filter(project__in=[cast.project]).order_by(F("due_date").asc(nulls_last=True), "pk")[:50]
    assert "task_by_due_date" in asked.explain()

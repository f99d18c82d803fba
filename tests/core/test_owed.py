"""A proof that is owed is asked for with the next question or before anything else; until it holds nothing is told or done."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.cast import Cast
from tests.work.tasks.making import make_task
from workloom.core.prepared import asked_together, prepared, prepared_update
from workloom.core.rows import insert_held, update_row
from workloom.core.statements import Proof, Unproven, count, is_proven, owe, prove, run, run_rows, settle, waive
from workloom.work.tasks.models import Assignment, Task

pytestmark = pytest.mark.postgres
HOLDS, FAILS = "SELECT 1 WHERE %s = 1", "SELECT 1 WHERE %s = 2"


@pytest.fixture(autouse=True)
def waived() -> Iterator[None]:
    yield
    waive()


def promise(sql: str) -> list[str]:
    """Owe a proof; what is returned is filled when it is refuted."""
    told: list[str] = []
    owe(Proof(sql, [1], lambda: told.append("refuted")))
    return told


@prepared
def titles(project: Any) -> Any:
    return Task.objects.filter(project=project).order_by("-title").values_list("title", flat=True)


@prepared
def whole(project: Any) -> Any:
    return Task.objects.filter(project=project).select_related("project").order_by("title")


@prepared
def pairs(project: Any) -> Any:
    return Task.objects.filter(project=project).order_by("title").values_list("title", "version")


@prepared_update
def renamed(task: Any, title: str) -> Any:
    return Task.objects.filter(pk=task), {"title": title}


def test_rows_are_the_same_with_a_proof(cast: Cast) -> None:
    for title in ("B", "C", "A"):
        make_task(cast.project, cast.admin, title)
    for ask in (titles, pairs, lambda project: [(one.title, one.project.name) for one in whole(project)]):
        plain = ask(cast.project.pk)
        promise(HOLDS)
        assert ask(cast.project.pk) == plain
        assert connection.owed is None  # type: ignore[attr-defined]


def test_one_question_asks_for_it_too(cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    promise(HOLDS)
    with connection.execute_wrapper(seen := Seen()):
        titles(cast.project.pk)
    assert len(seen.asked) == 1


class Seen:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        self.asked.append(sql)
        return execute(sql, params, many, context)


def update_by_driver(task: Task) -> None:
    run("UPDATE tasks_task SET title = 'Changed' WHERE id = %s", [task.pk], count)


def hold_and_settle(task: Task) -> None:
    with transaction.atomic():
        insert_held([Assignment(task=task, user_id=task.reporter_id)])
        settle()


def hold_and_commit(task: Task) -> None:
    with transaction.atomic():
        insert_held([Assignment(task=task, user_id=task.reporter_id)])


def ask_together(task: Task) -> None:
    with asked_together([titles.asking(task.project_id), pairs.asking(task.project_id)]):
        pass


def take_a_cursor(_: Task) -> None:
    connection.cursor()


@pytest.mark.parametrize(
    "do",
    [
        lambda task: titles(task.project_id),
        lambda task: whole(task.project_id),
        lambda task: titles.first(task.pk),  # which finds nothing
        lambda task: titles.each([(task.project_id,)]),
        lambda task: list(Task.objects.filter(pk=task.pk)),
        lambda task: renamed(task.pk, "Changed"),
        lambda task: update_row(task, ["title"]),
        update_by_driver,
        hold_and_settle,
        hold_and_commit,
        ask_together,
        take_a_cursor,
    ],
)
def test_nothing_passes_what_does_not_hold(cast: Cast, do: Callable[[Task], Any]) -> None:
    task = make_task(cast.project, cast.admin, "Before")
    task.title = "Changed"
    told = promise(FAILS)
    for _ in range(2):  # who caught it the first time gets no further
        with pytest.raises(Unproven):
            do(task)
    assert told == ["refuted", "refuted"]
    assert not is_proven()
    waive()
    assert titles(cast.project.pk) == ["Before"]
    assert not Assignment.objects.filter(task=task).exists()


@pytest.mark.django_db(transaction=True)
def test_a_question_that_failed_leaves_it_owed() -> None:
    promise(HOLDS)
    with pytest.raises(DatabaseError), transaction.atomic():
        run_rows("SELECT 1 / 0", [], lambda cursor: cursor.fetchall())
    assert connection.owed is not None  # type: ignore[attr-defined]
    prove()
    assert connection.owed is None  # type: ignore[attr-defined]


def test_a_lock_is_asked_for_with_it_and_holds(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    promise(HOLDS)
    with transaction.atomic():
        read = run_rows(
            "SELECT id, version FROM tasks_task WHERE id = %s FOR NO KEY UPDATE",
            [task.pk],
            lambda cursor: cursor.fetchall(),
        )
        assert [tuple(row) for row in read] == [(task.pk, task.version)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE relation = 'tasks_task'::regclass AND mode = 'RowShareLock'")
            assert cursor.fetchone()

"""Writes that are held go with the next statement, and nobody can tell the difference but by counting."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.work.tasks.making import make_task
from workloom.core.db import may_go_unlocked, run_write, write
from workloom.core.rows import insert_held, update_held
from workloom.core.statements import Stale, settle
from workloom.work.tasks.models import Assignment, Task, Watcher


def titled(task: Task, title: str) -> Task:
    task.title = title
    return task


def title_of(task: Task) -> str:
    return Task.objects.values_list("title", flat=True).get(pk=task.pk)


def test_what_is_held_is_there_for_the_next_question(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    with transaction.atomic():
        update_held(titled(task, "Next"), ["title"])
        assert title_of(task) == "Next"
    assert title_of(task) == "Next"


def test_what_is_held_at_the_end_is_written(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    with transaction.atomic():
        update_held(titled(task, "Last"), ["title"])
    assert title_of(task) == "Last"


@pytest.mark.postgres
def test_writes_of_several_tables_go_as_one_statement(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    with transaction.atomic():
        with CaptureQueriesContext(connection) as asked:
            update_held(titled(task, "One"), ["title"])
            insert_held([Assignment(task=task, user=cast.member)], [Assignment(task=task, user=cast.viewer)])
            assert len(asked) == 1  # the same table twice would not see itself
        settle()
    assert title_of(task) == "One"
    assert Assignment.objects.filter(task=task).count() == 2


@pytest.mark.parametrize("is_settled", [False, True])
def test_what_is_undone_takes_along_what_is_held(cast: Cast, *, is_settled: bool) -> None:
    task = make_task(cast.project, cast.admin, "Before")
    with transaction.atomic():
        update_held(titled(task, "Kept"), ["title"])
        with transaction.atomic():
            update_held(titled(task, "Undone"), ["title"])
            if is_settled:
                settle()
            transaction.set_rollback(True)
    assert title_of(task) == "Kept"


def test_what_cannot_be_written_is_told_where_its_savepoint_ends(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    row = {"task": task, "user": cast.member}
    insert_held([Assignment(**row)])
    with transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_held([Assignment(**row)])
        assert Assignment.objects.filter(**row).count() == 1


def test_who_was_overtaken_is_told(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, "Before")

    @write
    def overtaken() -> None:
        insert_held([Assignment(task=task, user=cast.member)])
        update_held(titled(task, "Late"), ["title"], if_version=task.version + 1)
        settle()

    with pytest.raises(Stale):
        overtaken()
    assert title_of(task) == "Before"
    assert not Assignment.objects.filter(task=task).exists()


def test_who_is_not_overtaken_is_not_told(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    with transaction.atomic():
        update_held(titled(task, "Right"), ["title"], if_version=task.version)
    assert title_of(task) == "Right"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_is_overtaken_is_done_again_and_by_then_with_locks(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    tries: list[bool] = []

    def work() -> None:
        tries.append(may_go_unlocked())
        update_held(titled(task, "Done"), ["title"], if_version=task.version if len(tries) > 1 else 0)

    run_write(work)
    assert tries == [True, False]
    assert title_of(task) == "Done"


def test_nothing_goes_unlocked_inside_of_what_cannot_be_done_again(cast: Cast) -> None:
    with transaction.atomic():
        assert run_write(may_go_unlocked) is False


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_transaction_begins_with_its_first_write(cast: Cast) -> None:
    """Plain reads before it leave the connection as if there were none, and what they read is not held fast."""
    from workloom.work.boards.queries import first_board  # noqa: PLC0415 - any prepared query would do

    def state() -> str:
        status: str = connection.connection.info.transaction_status.name
        return status

    told: list[str] = []

    def work() -> None:
        first_board(cast.project.pk)
        told.append(state())
        insert_held([Watcher(task=task, user=cast.member, created_at=task.created_at)])
        told.append(state())
        settle()
        told.append(state())

    task = make_task(cast.project, cast.admin)
    run_write(work)
    assert told == ["IDLE", "IDLE", "INTRANS"]
    assert Watcher.objects.filter(task=task, user=cast.member).exists()

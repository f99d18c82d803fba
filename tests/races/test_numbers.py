"""The log's numbers: given in the transaction of the change where nobody else gives any, else after it, and always in order."""

import threading
from collections import defaultdict
from functools import partial
from typing import ClassVar

import pytest
from django.db import DataError, connection, transaction

from tests.cast import Cast
from tests.factories import make_user
from tests.faults.processes import until
from tests.races.together import at_once, sender
from tests.work.tasks.making import make_tasks
from workloom.core.actor import SYSTEM
from workloom.core.db import lock, run_write
from workloom.core.ids import uuid7
from workloom.events import publish as publishing
from workloom.events import record as recording
from workloom.events.lines import write_lines
from workloom.events.models import Head, LogRow
from workloom.events.publish import make_head, publish
from workloom.events.queries import last_value
from workloom.events.record import Event, record
from workloom.events.verify import verify_log
from workloom.people.accounts.models import User

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WRITERS, TIMES = 4, 6


class NumberDrawn(Event):
    type: ClassVar[str] = "number.drawn"
    object_type: ClassVar[str] = "number"


@pytest.fixture(autouse=True, scope="module")
def forgotten() -> object:
    yield
    Event.known.pop("number.drawn", None)


def drawn(**changes: tuple[object, object]) -> NumberDrawn:
    return NumberDrawn(object_id=uuid7(), changes=changes)


def numbers() -> list[int | None]:
    return list(LogRow.objects.order_by("n").values_list("seq", flat=True))


def test_changes_of_one_task_are_numbered_in_their_order_however_many_write(cast: Cast) -> None:
    tasks = make_tasks(cast.project, cast.admin, ["one", "two", "three"])
    send = sender(cast.admin)

    def write(writer: int) -> None:
        for turn in range(TIMES):
            task = tasks[(writer + turn) % len(tasks)]
            answer = send("PATCH", f"/api/v1/tasks/{task.pk}/", {"title": f"{writer}-{turn}"})
            assert answer.status_code == 200, answer.content

    at_once([partial(write, writer) for writer in range(WRITERS)])
    publish()
    rows = LogRow.objects.order_by("seq").values_list("seq", "object_id", "object_version")
    assert [seq for seq, *_ in rows] == list(range(1, LogRow.objects.count() + 1))
    versions: dict[object, list[int]] = defaultdict(list)
    for _, task_id, version in rows:
        versions[task_id].append(version)
    assert {tuple(found) == tuple(range(1, len(found) + 1)) for found in versions.values()} == {True}
    assert sum(map(len, versions.values())) == len(tasks) + WRITERS * TIMES
    assert verify_log().is_whole


@pytest.mark.postgres
def test_whoever_waits_a_moment_for_the_numbers_takes_one_in_the_change_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    make_head()
    monkeypatch.setattr(publishing, "_patience", publishing._Patience())
    monkeypatch.setattr(publishing, "_LONG_S", 60.0)
    seen: list[list[int | None]] = []
    taken = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            lock(Head.objects.filter(pk=1)).get()
            taken.set()
            until(lambda: waiting_for_us() == 1, "the other one waits")

    def write() -> None:
        taken.wait(10)

        def work() -> None:
            record(drawn(), actor=SYSTEM)
            connection.on_commit(lambda: seen.append(numbers()))

        run_write(work)

    at_once([hold, write])
    assert seen == [[1]], "before any publisher ran"


def waiting_for_us() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        [found] = cursor.fetchone()
    return int(found)


def test_patience_ends_for_longer_the_longer_it_took() -> None:
    clock = [100.0]
    patience = publishing._Patience(lambda: clock[0])
    with patience.tried():
        clock[0] += 0.01
    assert patience.lasts()
    with patience.tried():
        clock[0] += 2.0
    assert not patience.lasts()
    clock[0] += 19.9
    assert not patience.lasts()
    clock[0] += 0.2
    assert patience.lasts()


def test_patience_ends_where_it_usually_takes_long_and_not_for_one_slow_turn() -> None:
    clock = [100.0]
    patience = publishing._Patience(lambda: clock[0])
    for seconds in (0.005, 0.2, 0.005, 0.005, 0.05):
        patience.note(seconds)
        assert patience.lasts(), seconds
    for _ in range(20):
        patience.note(0.05)
    assert not patience.lasts()
    clock[0] += 1.01
    assert patience.lasts()
    patience.note(0.05)
    assert patience.lasts(), "what was usual then is forgotten"


@pytest.mark.postgres
def test_whoever_finds_the_numbers_free_takes_one_in_the_change_itself() -> None:
    make_head()
    seen: list[list[int | None]] = []

    def write() -> None:
        record(drawn(), actor=SYSTEM)
        connection.on_commit(lambda: seen.append(numbers()))

    run_write(write)
    assert seen == [[1]], "before any publisher ran"


@pytest.mark.postgres
def test_what_is_too_long_for_the_log_is_refused_and_not_cut() -> None:
    make_head()
    with pytest.raises(DataError):
        run_write(lambda: record(NumberDrawn(object_id=uuid7(), key="K" * 41), actor=SYSTEM))
    assert numbers() == []


@pytest.mark.postgres
@pytest.mark.parametrize("is_impatient", [True, False])
def test_nobody_waits_for_who_gives_numbers_where_that_took_long_or_who_has_them_may_wait_for_us(
    monkeypatch: pytest.MonkeyPatch, *, is_impatient: bool
) -> None:
    make_head()
    patience = publishing._Patience()
    monkeypatch.setattr(publishing, "_patience", patience)
    user = make_user()
    if is_impatient:
        patience.note(60.0)

    def hold() -> None:
        with transaction.atomic():
            lock(Head.objects.filter(pk=1)).get()
            ready.append(True)
            until(lambda: numbers() == [None], "the change is there, without a number")

    def write() -> None:
        until(lambda: ready, "somebody has the lock")

        def change() -> None:
            if not is_impatient:
                User.objects.filter(pk=user.pk).update(username_key="changed")
            record(drawn(), actor=SYSTEM)

        run_write(change)

    ready: list[bool] = []
    at_once([hold, write])
    assert numbers() == [1]
    assert verify_log().is_whole


def test_an_event_that_waits_for_its_number_is_not_overtaken() -> None:
    make_head()
    actor = make_user().as_actor()
    write_lines([recording._line(drawn(), actor, None)])
    run_write(lambda: record(drawn(), actor=actor))
    assert numbers() == [1, 2]
    assert verify_log().is_whole


def test_what_a_savepoint_took_back_is_in_no_log() -> None:
    actor = make_user().as_actor()

    def write() -> None:
        record(drawn(at=(None, "kept")), actor=actor)
        with transaction.atomic():
            record(drawn(at=(None, "given up")), actor=actor)
            transaction.set_rollback(True)
        record(drawn(at=(None, "kept too")), actor=actor)

    run_write(write)
    publish()
    told = LogRow.objects.order_by("seq").values_list("seq", "changes")
    assert list(told) == [(1, {"at": [None, "kept"]}), (2, {"at": [None, "kept too"]})]


def test_who_reads_the_log_in_the_same_change_finds_what_was_just_recorded() -> None:
    actor, thing = make_user().as_actor(), uuid7()

    def write() -> object:
        record(NumberDrawn(object_id=thing, changes={"status": ("todo", "done")}), actor=actor)
        return last_value(thing, "status", lambda old: old == "todo")

    assert run_write(write) == "todo"
    publish()
    assert numbers() == [1]

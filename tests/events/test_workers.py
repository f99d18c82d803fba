"""The worker's threads at work on a real database: what they do, and what they do not do while there is nothing to do."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from workloom.core import clock
from workloom.core.clock import now
from workloom.events import jobs, lives
from workloom.events.models import Job, JobState, WorkerLife
from workloom.events.workers import LANES, Worker, look


@pytest.fixture
def start() -> Iterator[Callable[[], None]]:
    """Starts workers as threads of this process; they end with the test."""
    stop = threading.Event()
    running: list[threading.Thread] = []

    def begin() -> None:
        thread = threading.Thread(target=Worker("tests").run, args=(stop,), kwargs={"grace_s": 5})
        thread.start()
        running.append(thread)

    yield begin
    stop.set()
    for thread in running:
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def kinds() -> Iterator[None]:
    """Kinds of jobs that a test makes are gone afterwards."""
    known = set(jobs._kinds)
    yield
    for name in set(jobs._kinds) - known:
        jobs._kinds.pop(name)


@pytest.mark.django_db(transaction=True)
def test_jobs_that_hang_in_one_lane_hold_back_no_other(start: Callable[[], None], kinds: None) -> None:
    all_hang, may_go, mailed = threading.Barrier(LANES["hooks"] + 1), threading.Event(), threading.Event()

    def hang() -> None:
        all_hang.wait(20)
        may_go.wait(20)

    jobs.job("tests.hang", lane="hooks")(hang)
    jobs.job("tests.mail", lane="mail")(mailed.set)
    for _ in range(LANES["hooks"] + 3):
        jobs.enqueue("tests.hang", {})
    start()
    all_hang.wait(20)
    jobs.enqueue("tests.mail", {})
    assert mailed.wait(20)
    all_hang.abort()
    may_go.set()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_each_job_once(start: Callable[[], None], kinds: None) -> None:
    ran: list[int] = []
    all_ran = threading.Event()

    def note(number: int) -> None:
        ran.append(number)
        if len(ran) >= 40:
            all_ran.set()

    jobs.job("tests.note")(note)
    for number in range(40):
        jobs.enqueue("tests.note", {"number": number})
    start()
    start()
    assert all_ran.wait(30)
    assert sorted(ran) == list(range(40))


@pytest.mark.django_db(transaction=True)
def test_who_ends_begins_nothing_more(kinds: None) -> None:
    """A thread may be looking for work while others find that it is time to end."""
    ran: list[bool] = []
    jobs.job("tests.run", tries=1)(lambda: ran.append(True))
    jobs.enqueue("tests.run", {})
    stop = threading.Event()
    stop.set()
    assert jobs.run_due(stop=stop) == 0
    assert ran == []
    assert Job.objects.values_list("state", "lease", "attempts").get() == (JobState.QUEUED, None, 0)
    assert jobs.run_due() == 1
    assert ran == [True]


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_cannot_end_in_time_is_there_for_the_next_at_once(kinds: None) -> None:
    hangs, may_go, stop = threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        may_go.wait(20)

    jobs.job("tests.hang", lease_s=3600)(hang)
    jobs.enqueue("tests.hang", {})
    worker = threading.Thread(target=Worker("tests").run, args=(stop,), kwargs={"grace_s": 0.01})
    worker.start()
    assert hangs.wait(20)
    stop.set()
    worker.join(20)
    assert not worker.is_alive()
    may_go.set()
    assert jobs.run_due() == 1
    assert Job.objects.get().state == JobState.DONE


@pytest.mark.django_db
def test_a_look_that_finds_nothing_costs_one_query() -> None:
    look()
    with CaptureQueriesContext(connection) as asked:
        assert look() == []
    assert len(asked) == 1


@pytest.mark.django_db
def test_a_look_names_the_lanes_with_work() -> None:
    jobs.enqueue("tests.unheard_of", {})
    jobs.enqueue("tests.unheard_of", {}, run_at=now() + timedelta(hours=1))
    assert look() == ["quick"]


@pytest.mark.django_db
def test_a_worker_shows_life_and_says_that_it_ended() -> None:
    start = now()
    lives.breathe("host:1", "worker", started_at=start)
    assert lives.count_living() == {"worker": 1}
    lives.breathe("host:1", "worker", started_at=start, is_over=True)
    assert lives.count_living() == {}
    assert lives.last_sign_of_life() is not None


@pytest.mark.django_db
def test_who_was_silent_for_a_day_is_forgotten() -> None:
    lives.breathe("host:1", "worker", started_at=now())
    with clock.frozen(now() + timedelta(days=2)):
        assert lives.count_living() == {}
        lives.breathe("host:2", "worker", started_at=now())
    assert list(WorkerLife.objects.values_list("name", flat=True)) == ["host:2"]

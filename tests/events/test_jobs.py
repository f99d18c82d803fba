from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from workloom.core import clock
from workloom.core.clock import now
from workloom.events import jobs, kept_jobs
from workloom.events.models import Job, JobState

ran: list[str] = []


@pytest.fixture(autouse=True)
def kinds(db: None) -> Iterator[None]:
    def note(word: str) -> None:
        ran.append(word)
        if word == "poison":
            raise ValueError("never works")

    ran.clear()
    jobs.job("tests.note", tries=3, lease_s=60)(note)
    jobs.job("tests.letter", lane="mail")(note)
    yield
    for name in ("tests.note", "tests.letter"):
        jobs._kinds.pop(name)


def test_a_job_runs_once_and_is_done() -> None:
    jobs.enqueue("tests.note", {"word": "hello"})
    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    assert ran == ["hello"]
    assert Job.objects.get().state == JobState.DONE


def test_a_job_for_later_waits() -> None:
    jobs.enqueue("tests.note", {"word": "later"}, run_at=now() + timedelta(hours=1))
    assert jobs.run_due() == 0
    with clock.frozen(now() + timedelta(hours=2)):
        assert jobs.run_due() == 1


def test_each_lane_takes_its_own_jobs_only() -> None:
    jobs.enqueue("tests.note", {"word": "quick"})
    jobs.enqueue("tests.letter", {"word": "mail"})
    assert jobs.run_due(lane="hooks") == 0
    assert jobs.run_due(lane="mail") == 1
    assert ran == ["mail"]
    assert jobs.run_due() == 1


def test_a_key_is_queued_once_until_it_is_done() -> None:
    assert jobs.enqueue("tests.note", {"word": "a"}, key="k") is not None
    assert jobs.enqueue("tests.note", {"word": "b"}, key="k") is None
    jobs.run_due()
    assert jobs.enqueue("tests.note", {"word": "c"}, key="k") is not None


def test_a_poisoned_job_stops_after_its_tries_and_is_listed() -> None:
    jobs.enqueue("tests.note", {"word": "poison"})
    at = now()
    for hour in range(6):
        with clock.frozen(at + timedelta(hours=2 * hour)):
            jobs.run_due()
    assert ran == ["poison"] * 3
    (failed,) = kept_jobs.failed_jobs()
    assert "never works" in failed.error
    assert kept_jobs.retry_job(failed.id) is True
    jobs.run_due()
    assert ran == ["poison"] * 4


def test_a_worker_that_died_leaves_the_job_to_the_next_after_its_lease() -> None:
    jobs.enqueue("tests.note", {"word": "again"})
    assert jobs._claim() is not None
    assert jobs.run_due() == 0
    with clock.frozen(now() + timedelta(seconds=61)):
        assert jobs.run_due() == 1
    assert ran == ["again"]


def test_who_lost_the_lease_has_no_say_any_more() -> None:
    jobs.enqueue("tests.note", {"word": "slow"})
    slow = jobs._claim()
    assert slow is not None
    with clock.frozen(now() + timedelta(seconds=61)):
        other = jobs._claim()
        jobs._carry_out(slow)
        assert Job.objects.get().state == JobState.QUEUED
        assert other is not None
        jobs._carry_out(other)
    assert Job.objects.get().state == JobState.DONE


def test_a_job_that_ends_each_of_its_workers_is_given_up() -> None:
    jobs.enqueue("tests.note", {"word": "deadly"})
    at = now()
    for minute in range(3):
        with clock.frozen(at + timedelta(minutes=2 * minute)):
            assert jobs._claim() is not None
    with clock.frozen(at + timedelta(minutes=10)):
        jobs.run_due()
    assert ran == []
    assert kept_jobs.failed_jobs()[0].error == "No worker lived to see its end in 3 tries."


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_end_could_not_be_written_waits_for_no_lease() -> None:
    jobs.enqueue("tests.note", {"word": "lost"})

    def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if ran and sql.startswith("UPDATE"):
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse), pytest.raises(OperationalError):
        jobs.run_due()
    assert jobs.run_due() == 1
    assert ran == ["lost", "lost"]
    assert Job.objects.get().state == JobState.DONE


def test_lanes_that_find_the_database_back_at_once_share_what_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    held, given = jobs._Held(), list[Job]()

    def give_back(claimed: Job) -> int:
        given.append(claimed)
        held.give_back_orphans()  # another lane, in between
        return 1

    monkeypatch.setattr(jobs, "_give_back", give_back)
    left = [Job(name="tests.note"), Job(name="tests.note")]
    held._orphans += left
    held.give_back_orphans()
    assert given == left[::-1]
    assert held._orphans == []


def test_what_could_not_be_given_back_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(claimed: Job) -> int:
        raise OperationalError

    held, left = jobs._Held(), [Job(name="tests.note")]
    monkeypatch.setattr(jobs, "_give_back", fail)
    held._orphans += left
    with pytest.raises(OperationalError):
        held.give_back_orphans()
    assert held._orphans == left


def test_jobs_of_one_transaction_wake_the_workers_once(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as told:
        for word in "abc":
            jobs.enqueue("tests.note", {"word": word})
        jobs.enqueue("tests.note", {"word": "later"}, run_at=now() + timedelta(hours=1))
    assert len(told) == 1


def test_an_unknown_kind_is_given_up_with_its_name() -> None:
    jobs.enqueue("tests.unheard_of", {})
    jobs.run_due()
    assert "tests.unheard_of" in kept_jobs.failed_jobs()[0].error


def test_what_was_done_a_week_ago_is_forgotten() -> None:
    jobs.enqueue("tests.note", {"word": "x"})
    jobs.run_due()
    assert kept_jobs.forget_finished() == 0
    with clock.frozen(now() + timedelta(days=8)):
        assert kept_jobs.forget_finished() == 1

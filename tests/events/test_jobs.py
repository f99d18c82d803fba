from collections.abc import Iterator
from datetime import timedelta

import pytest

from workloom.core import clock
from workloom.core.clock import now
from workloom.events import jobs
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
    (failed,) = jobs.failed_jobs()
    assert "never works" in failed.error
    assert jobs.retry_job(failed.id) is True
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


def test_an_unknown_kind_is_given_up_with_its_name() -> None:
    jobs.enqueue("tests.unheard_of", {})
    jobs.run_due()
    assert "tests.unheard_of" in jobs.failed_jobs()[0].error


def test_what_was_done_a_week_ago_is_forgotten() -> None:
    jobs.enqueue("tests.note", {"word": "x"})
    jobs.run_due()
    assert jobs.forget_finished() == 0
    with clock.frozen(now() + timedelta(days=8)):
        assert jobs.forget_finished() == 1

"""`workloom jobs` and `workloom consumers`, as operators type them."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import make_task
from workloom.core.clock import now
from workloom.events.consumers import run_consumers
from workloom.events.jobs import enqueue, run_due
from workloom.events.models import Consumer, Job, JobState
from workloom.events.publish import publish
from workloom.events.rows import Published

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def stumble(_event: Published) -> None:
    raise ValueError("this event is not for me")


def test_jobs_are_listed_with_what_they_died_of() -> None:
    assert said("jobs") == "There are none.\n"
    enqueue("tests.unheard_of", {"word": "hello"})
    assert "queued" in said("jobs")
    run_due()
    shown = said("jobs", "list", "--state", "failed").splitlines()
    assert shown[0].split() == ["Id", "Name", "Lane", "State", "Tries", "Due", "Last", "error"]
    assert "tests.unheard_of" in shown[1]
    assert shown[1].rstrip().endswith("KeyError: 'tests.unheard_of'")
    assert said("jobs", "list", "--state", "done") == "There are none.\n"


def test_one_job_is_shown_whole() -> None:
    job = enqueue("tests.unheard_of", {"word": "[hello]"})
    run_due()
    shown = said("jobs", "show", str(job))
    assert "{'word': '[hello]'}" in shown
    assert "Traceback" in shown


def test_what_was_given_up_is_put_back_one_by_one_or_all_together() -> None:
    jobs = [enqueue("tests.unheard_of", {}) for _ in range(3)]
    run_due()
    assert said("jobs", "retry", str(jobs[0])) == "Put back in the queue.\n"
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1
    assert said("jobs", "retry", "--all") == "2 put back in the queue.\n"
    assert Job.objects.filter(state=JobState.QUEUED).count() == 3


def test_what_was_given_up_may_be_removed_and_nothing_else() -> None:
    failed = enqueue("tests.unheard_of", {})
    run_due()
    waiting = enqueue("tests.unheard_of", {})
    assert said("jobs", "remove", str(failed)) == "Removed.\n"
    with pytest.raises(CommandError, match="was not given up"):
        said("jobs", "remove", str(waiting))
    assert [job.id for job in Job.objects.all()] == [waiting]


def test_a_job_that_is_not_there_is_answered_with_those_that_are() -> None:
    job = enqueue("tests.unheard_of", {})
    run_due()
    with pytest.raises(CommandError, match=str(job)):
        said("jobs", "retry", str(uuid4()))
    with pytest.raises(CommandError, match=str(job)):
        said("jobs", "show", str(uuid4()))


@override_settings(CONSUMERS={"tests.stumbling": f"{__name__}.stumble"})
def test_an_operator_helps_a_reader_of_the_log_over_an_event(cast: Cast) -> None:
    Consumer.objects.create(name="tests.stumbling", seq=0, moved_at=now())
    make_task(cast.project, cast.admin)
    publish()
    run_consumers()
    _, row = said("consumers").splitlines()
    assert row.split()[:2] == ["tests.stumbling", "0"]
    assert row.rstrip().endswith("ValueError: this event is not for me")
    said("consumers", "retry", "tests.stumbling")
    assert Consumer.objects.get(pk="tests.stumbling").retry_at is None
    with pytest.raises(CommandError, match="stands before event 1"):
        said("consumers", "skip", "tests.stumbling", "--seq", "2", "--reason", "x")
    with pytest.raises(CommandError, match="Say why"):
        said("consumers", "skip", "tests.stumbling", "--seq", "1", "--reason", " ")
    said("consumers", "skip", "tests.stumbling", "--seq", "1", "--reason", "made by a bug")
    assert Consumer.objects.get(pk="tests.stumbling").seq == 1
    [(_, changes)] = recorded("consumer.skipped")
    assert changes["message"] == [None, "made by a bug"]


@override_settings(CONSUMERS={"tests.stumbling": f"{__name__}.stumble"})
def test_a_reader_of_another_name_is_answered_with_the_known_ones() -> None:
    for words in (["retry", "nobody"], ["skip", "nobody", "--seq", "1", "--reason", "x"]):
        with pytest.raises(CommandError, match=r"tests\.stumbling"):
            said("consumers", *words)

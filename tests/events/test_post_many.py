"""Letters to many people at once: as one by one, in as many statements for three as for fifty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_user
from workloom.core.ids import uuid7
from workloom.core.mail.actions import Wish
from workloom.core.mail.models import Mail
from workloom.events.models import Job
from workloom.events.post import post, post_many

pytestmark = pytest.mark.django_db


def wishes(count: int, word: str) -> list[Wish]:
    person = make_user()
    return [Wish(kind="test", key=f"{word}:{at}", person_id=person.pk, args={"at": at}) for at in range(count)]


def test_each_has_its_row_and_its_job_once() -> None:
    wanted = wishes(3, "a")
    post("test", person_id=wanted[0].person_id or uuid7(), args={}, key="a:1")
    assert [post_many(wanted), post_many(wanted), post_many([])] == [2, 0, 0]
    assert sorted(Mail.objects.values_list("key", flat=True)) == ["a:0", "a:1", "a:2"]
    assert {job.args["mail"] for job in Job.objects.filter(name="send_mail")} == {
        str(key) for key in Mail.objects.values_list("pk", flat=True)
    }


def test_fifty_cost_what_three_cost() -> None:
    costs = []
    for count in (3, 50):
        wanted = wishes(count, str(count))
        with CaptureQueriesContext(connection) as captured:
            assert post_many(wanted) == count
        costs.append(len(captured))
    assert costs[0] == costs[1]

"""One object's events arrive in their order, whatever fails; other objects do not wait for it."""

import random
from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.draining import drain
from tests.outlets.webhooks.hooking import drain_at, make_hook
from tests.outlets.webhooks.receiving import Got, Receiver, Reply
from tests.work.tasks.making import make_task
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.events.consumers import run_consumers
from workloom.events.models import Job
from workloom.events.publish import publish
from workloom.outlets.webhooks.actions import Outcome, claim_next, settle
from workloom.outlets.webhooks.models import Delivery
from workloom.outlets.webhooks.rules import pause_after_look


def about(got: Got) -> str:
    return str(got.document["data"]["object"]["id"])


def test_a_later_event_of_an_object_waits_and_those_of_others_do_not(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    slow, other = make_task(cast.project, cast.admin), make_task(cast.project, cast.admin)
    member = api.as_(cast.member)
    for task in (slow, other):
        assert member.patch(f"/api/v1/tasks/{task.pk}/", {"title": "Renamed"}).status_code == 200
    receiver.judge = lambda got: Reply(500) if about(got) == str(slow.pk) else None
    drain()
    came = [(about(one), one.type) for one in receiver.got]
    assert came.count((str(slow.pk), "task.created")) == 1
    assert (str(slow.pk), "task.updated") not in came
    assert came.index((str(other.pk), "task.created")) < came.index((str(other.pk), "task.updated"))
    assert [one.state for one in hook.deliveries(object_id=other.pk)] == ["delivered", "delivered"]
    receiver.judge = None
    drain_at(now() + timedelta(minutes=1))
    assert [one.type for one in receiver.got if about(one) == str(slow.pk)] == [
        *("task.created", "task.created", "task.updated")
    ]


def test_a_later_event_goes_once_the_earlier_is_given_up(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    task = make_task(cast.project, cast.admin)
    api.as_(cast.member).patch(f"/api/v1/tasks/{task.pk}/", {"title": "Renamed"})
    receiver.judge = lambda got: Reply(500) if got.type == "task.created" else None
    began = now()
    drain_at(began)
    while receiver.types[-1] != "task.updated":
        following = hook.deliveries()[0].next_at
        assert following is not None
        assert following <= began + timedelta(hours=24)
        drain_at(following)
    assert hook.states() == [("task.created", "failed"), ("task.updated", "delivered")]
    assert receiver.types == ["task.created"] * 13 + ["task.updated"]


def test_a_comment_waits_for_its_task(api: Api, cast: Cast, receiver: Receiver) -> None:
    make_hook(cast, receiver)
    task = make_task(cast.project, cast.admin)
    assert api.as_(cast.member).post(f"/api/v1/tasks/{task.pk}/comments/", {"body": "Hello"}).status_code == 201
    receiver.will(500)
    drain()
    assert receiver.types == ["task.created"]
    drain_at(now() + timedelta(minutes=1))
    assert receiver.types == ["task.created", "task.created", "comment.created"]


@pytest.mark.parametrize("seed", range(2))
def test_under_chance_failures_each_object_arrives_whole_and_in_order(
    api: Api, cast: Cast, receiver: Receiver, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's
    hook = make_hook(cast, receiver)
    tasks = [make_task(cast.project, cast.admin) for _ in range(4)]
    member = api.as_(cast.member)
    for number in range(16):
        task = chance.choice(tasks)
        assert member.patch(f"/api/v1/tasks/{task.pk}/", {"title": f"Title {number}"}).status_code == 200
    arrived: dict[str, list[int]] = defaultdict(list)

    def judge(got: Got) -> Reply:
        if chance.random() < 0.4:
            return Reply(chance.choice([301, 429, 500]))
        arrived[about(got)].append(got.document["data"]["seq"])
        return Reply(200)

    receiver.judge = judge
    began = now()
    for minutes in range(0, 24 * 60, 90):
        drain_at(began + timedelta(minutes=minutes))
    assert {state for _, state in hook.states()} == {"delivered"}
    assert sum(map(len, arrived.values())) == 20
    assert all(seqs == sorted(set(seqs)) for seqs in arrived.values())


def test_two_at_once_and_no_more(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    for _ in range(4):
        make_task(cast.project, cast.admin)
    publish()
    run_consumers()
    first, second = claim_next(hook.id), claim_next(hook.id)
    assert first is not None
    assert second is not None
    assert first.delivery != second.delivery
    assert claim_next(hook.id) is None
    settle(first, Outcome(200, 5), chance=0.5)
    third = claim_next(hook.id)
    assert third is not None
    assert third.delivery not in {first.delivery, second.delivery}
    assert claim_next(hook.id) is None
    drain()


def test_many_that_wait_in_vain_are_not_read_for_each_event(
    cast: Cast, receiver: Receiver, django_assert_max_num_queries: Any
) -> None:
    hook = make_hook(cast, receiver)
    at, about = now(), uuid7()
    Delivery.objects.bulk_create(
        Delivery(
            webhook_id=hook.id,
            event_id=uuid7(),
            seq=number,
            type="task.updated",
            object_id=about,
            next_at=at if number else at + timedelta(hours=1),
            created_at=at,
        )
        for number in range(8000)
    )
    assert claim_next(hook.id) is None
    assert Job.objects.filter(run_at__gt=at, args={"webhook": str(hook.id)}).count() == 1
    with django_assert_max_num_queries(0):
        assert claim_next(hook.id) is None
    assert pause_after_look(1000) == timedelta(0)
    assert pause_after_look(2000) == timedelta(seconds=0.5)
    assert pause_after_look(10**6) == timedelta(seconds=60)

"""Sending again: one, or a range."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.draining import drain
from tests.outlets.webhooks.hooking import Hook, drain_at, make_hook
from tests.outlets.webhooks.receiving import Receiver, Reply
from tests.work.tasks.making import make_task, make_tasks
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.events.consumers import run_consumers
from workloom.events.publish import publish
from workloom.outlets.webhooks.models import Delivery
from workloom.outlets.webhooks.rules import MOST_AGAIN


def given_up(cast: Cast, receiver: Receiver, count: int) -> Hook:
    """A webhook that failed for a day with so many events, and works now."""
    hook = make_hook(cast, receiver)
    receiver.judge = lambda _: Reply(500)
    began = now()
    make_tasks(cast.project, cast.admin, [f"Task {at}" for at in range(count)])
    minutes = [0, 0.2, 1, 4, 10, 30, 70, *range(140, 26 * 60, 60)]
    for later in minutes:
        drain_at(began + timedelta(minutes=later))
    assert {state for _, state in hook.states()} == {"failed"}
    receiver.judge = None
    receiver.got.clear()
    return hook


def again(api: Api, cast: Cast, hook: Hook, **wanted: Any) -> Any:
    reply = api.as_(cast.admin).post(f"{hook.path}redeliver/", wanted)
    assert reply.status_code == 202, reply.content
    drain()
    return reply.json()


def test_one_is_sent_again_under_the_same_id(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    make_task(cast.project, cast.admin)
    drain()
    [delivery] = hook.deliveries()
    reply = api.as_(cast.admin).post(f"{hook.path}deliveries/{delivery.pk}/redeliver/")
    assert (reply.status_code, reply.json()["state"]) == (202, "queued")
    drain()
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert hook.attempts() == [(1, 200, ""), (2, 200, "")]
    assert hook.states() == [("task.created", "delivered")]


def test_one_that_was_given_up_has_another_day(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = given_up(cast, receiver, 1)
    [delivery] = hook.deliveries()
    receiver.judge = lambda _: Reply(500)
    api.as_(cast.admin).post(f"{hook.path}deliveries/{delivery.pk}/redeliver/")
    began = now()
    drain_at(began)
    [delivery] = hook.deliveries()
    assert (delivery.state, delivery.attempts) == ("queued", 14)
    receiver.judge = None
    drain_at(began + timedelta(minutes=1))
    assert hook.states() == [("task.created", "delivered")]
    assert [number for number, _, _ in hook.attempts()] == list(range(1, 16))


def test_one_that_waits_is_tried_now(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    receiver.will(500)
    make_task(cast.project, cast.admin)
    drain()
    [delivery] = hook.deliveries()
    api.as_(cast.admin).post(f"{hook.path}deliveries/{delivery.pk}/redeliver/")
    drain()
    assert hook.states() == [("task.created", "delivered")]
    assert hook.attempts() == [(1, 500, "status"), (2, 200, "")]


def test_a_range_is_failed_ones_only_unless_it_says_more(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = given_up(cast, receiver, 4)
    seqs = [one.seq for one in hook.deliveries()]
    assert again(api, cast, hook, after_seq=seqs[0], until_seq=seqs[2]) == {
        "queued": 2,
        "last_seq": seqs[2],
        "has_more": False,
    }
    assert [one.document["data"]["seq"] for one in receiver.got] == seqs[1:3]
    assert [state for _, state in hook.states()] == ["failed", "delivered", "delivered", "failed"]
    assert again(api, cast, hook, state="delivered")["queued"] == 2
    assert again(api, cast, hook)["queued"] == 2
    assert again(api, cast, hook) == {"queued": 0, "last_seq": None, "has_more": False}
    assert len(receiver.got) == 6
    assert again(api, cast, hook, state="Any")["queued"] == 4


def test_a_range_of_time(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    made = make_tasks(cast.project, cast.admin, ["Old", "New"])
    drain()
    old = now() - timedelta(hours=3)
    Delivery.objects.filter(object_id=made[0].pk).update(created_at=old)
    bounds = {"after": (old - timedelta(hours=1)).isoformat(), "before": (old + timedelta(hours=1)).isoformat()}
    assert again(api, cast, hook, state="any", **bounds)["queued"] == 1
    assert receiver.got[-1].document["data"]["object"]["id"] == str(made[0].pk)


def test_so_many_go_in_one_call_and_the_rest_in_the_next(
    api: Api, cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_AGAIN == 1000
    monkeypatch.setattr("workloom.outlets.webhooks.actions.queueing.MOST_AGAIN", 2)
    hook = given_up(cast, receiver, 3)
    seqs = [one.seq for one in hook.deliveries()]
    admin = api.as_(cast.admin)
    path = f"{hook.path}redeliver/"
    assert admin.post(path, {}).json() == {"queued": 2, "last_seq": seqs[1], "has_more": True}
    assert admin.post(path, {}).json() == {"queued": 1, "last_seq": seqs[2], "has_more": False}
    drain()
    assert [one.document["data"]["seq"] for one in receiver.got] == seqs


def test_what_the_log_has_forgotten_is_not_sent(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    make_task(cast.project, cast.admin)
    publish()
    run_consumers()
    Delivery.objects.update(event_id=uuid7())
    drain()
    assert receiver.got == []
    assert [(one.state, one.error) for one in hook.deliveries()] == [("failed", "event_forgotten")]


def test_a_webhook_that_is_off_sends_nothing_again(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    make_task(cast.project, cast.admin)
    drain()
    [delivery] = hook.deliveries()
    admin = api.as_(cast.admin)
    assert admin.patch(hook.path, {"is_active": False}).status_code == 200
    for path in ("redeliver/", f"deliveries/{delivery.pk}/redeliver/"):
        reply = admin.post(f"{hook.path}{path}", {} if path == "redeliver/" else None)
        assert (reply.status_code, reply.json()["code"]) == (409, "webhook_off")
    assert hook.states() == [("task.created", "delivered")]


def test_a_range_that_cannot_be_read_is_refused(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    for body in ({"state": "queued"}, {"after_seq": -1}, {"after": "yesterday"}, {"since": 1}):
        reply = api.as_(cast.admin).post(f"{hook.path}redeliver/", body)
        assert reply.status_code == 400
        assert [one["field"] for one in reply.json()["errors"]] == list(body)

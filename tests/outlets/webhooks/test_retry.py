"""Receivers that fail: when it is tried again, what is kept of each attempt, and when it ends. The clock is an argument."""

from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.draining import drain
from tests.log import recorded
from tests.outlets.webhooks.hooking import Hook, drain_at, make_hook
from tests.outlets.webhooks.receiving import Receiver, Reply
from tests.work.tasks.making import make_task
from workloom.core.backoff import PAUSES
from workloom.core.clock import frozen, now
from workloom.events.consumers import run_consumers
from workloom.events.publish import publish
from workloom.outlets.webhooks import jobs
from workloom.outlets.webhooks.actions import (
    Outcome,
    claim_next,
    forget_old_deliveries,
    ping_webhook,
    settle,
    wake_forgotten,
)
from workloom.outlets.webhooks.models import Attempt, Delivery, DeliveryState, Webhook
from workloom.outlets.webhooks.rules import at_once, rest_after

SERVER_ERRORS = [500] * 20


def due(hook: Hook) -> datetime:
    found = hook.deliveries(state=DeliveryState.QUEUED)[0].next_at
    assert found is not None
    return found


def is_blamed(hook: Hook) -> bool:
    return hook.row.failing_since is not None


def test_it_is_tried_again_in_growing_pauses_for_a_day_and_then_listed(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    receiver.will(*SERVER_ERRORS)
    make_task(cast.project, cast.admin)
    began = at = now()
    drain_at(at)
    for pause in PAUSES:
        following = due(hook)
        wait = following - at
        assert timedelta(milliseconds=-1) + pause * 0.8 <= wait <= pause * 1.2 or following == began + timedelta(
            hours=24
        )
        drain_at(following - timedelta(milliseconds=1))
        at = following
        drain_at(at)
    [delivery] = hook.deliveries()
    assert (delivery.state, delivery.attempts, delivery.status, delivery.error) == ("failed", 13, 500, "status")
    assert began + timedelta(hours=18) < at <= began + timedelta(hours=24)
    assert hook.attempts() == [(number, 500, "status") for number in range(1, 14)]
    assert {one.id for one in receiver.got} == {str(delivery.pk)}
    assert len({one.body for one in receiver.got}) == 1
    assert len({one.headers["webhook-timestamp"] for one in receiver.got}) == 13
    drain_at(at + timedelta(days=3))
    assert len(receiver.got) == 13


def test_a_receiver_that_is_back_gets_it_and_is_no_longer_blamed(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    receiver.will(503, 200)
    make_task(cast.project, cast.admin)
    drain()
    assert is_blamed(hook)
    drain_at(due(hook))
    assert hook.states() == [("task.created", "delivered")]
    assert hook.attempts() == [(1, 503, "status"), (2, 200, "")]
    assert not is_blamed(hook)
    assert [one["type"] for one in receiver.verified(hook.secret)] == ["task.created", "task.created"]


@pytest.mark.parametrize("status", [301, 302, 304, 307, 308, 400, 404, 429, 500, 503])
def test_anything_but_2xx_is_tried_again_and_no_redirect_is_followed(
    cast: Cast, receiver: Receiver, second_receiver: Receiver, status: int
) -> None:
    hook = make_hook(cast, receiver)
    receiver.script.append(Reply(status, headers=(("Location", second_receiver.url),)))
    make_task(cast.project, cast.admin)
    drain()
    [delivery] = hook.deliveries()
    assert (delivery.state, delivery.status) == ("queued", status)
    assert (len(receiver.got), second_receiver.got) == (1, [])


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_2xx_is_delivered(cast: Cast, receiver: Receiver, status: int) -> None:
    hook = make_hook(cast, receiver)
    receiver.will(status)
    make_task(cast.project, cast.admin)
    drain()
    assert hook.states() == [("task.created", "delivered")]


def test_an_answer_after_the_time_is_none(cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "ANSWER_WITHIN_S", 0.2)
    hook = make_hook(cast, receiver)
    receiver.script.append(Reply(hangs=True))
    make_task(cast.project, cast.admin)
    drain()
    assert hook.attempts() == [(1, None, "timed_out")]
    assert hook.states() == [("task.created", "queued")]
    drain_at(due(hook))
    assert hook.states() == [("task.created", "delivered")]


def test_the_time_for_an_answer_is_ten_seconds() -> None:
    assert jobs.ANSWER_WITHIN_S == 10


def test_nobody_there_is_said_in_words(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    row = hook.row
    row.url = "http://127.0.0.1:1025/"
    row.save()
    make_task(cast.project, cast.admin)
    drain()
    [attempt] = Attempt.objects.all()
    assert (attempt.status, attempt.error) == (None, "no_connection")
    assert attempt.detail == "127.0.0.1 took no connection on port 1025: Connection refused."


def test_of_a_huge_answer_the_beginning_is_kept(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast, receiver)
    body = b"\x00\xffa" + b"x" * 10_000_000
    receiver.script.append(Reply(500, body=body, headers=(("X-Long", "y" * 5000),)))
    make_task(cast.project, cast.admin)
    drain()
    [attempt] = Attempt.objects.all()
    assert attempt.body == "\ufffd\ufffda" + "x" * 4093
    assert attempt.is_cut
    assert ["X-Long", "y" * 500] in attempt.headers


def test_a_target_that_is_closed_now_is_not_asked(cast: Cast, receiver: Receiver, settings: object) -> None:
    hook = make_hook(cast, receiver)
    settings.WEBHOOK_ALLOW = []  # type: ignore[attr-defined] # the fixture takes any setting
    make_task(cast.project, cast.admin)
    drain()
    assert receiver.got == []
    assert hook.attempts() == [(1, None, "url_closed")]
    assert hook.states() == [("task.created", "queued")]


def test_who_says_gone_is_switched_off_at_once(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    receiver.will(410)
    make_task(cast.project, cast.admin)
    drain()
    assert (hook.row.is_active, hook.row.disabled_reason) == (False, "gone")
    assert [one.state for one in hook.deliveries()] == ["failed"]
    assert len(recorded("webhook.disabled")) == 1


def test_after_five_days_of_nothing_but_failures_it_is_switched_off_and_the_admins_are_told(
    cast: Cast, receiver: Receiver, second_receiver: Receiver
) -> None:
    hook = make_hook(cast, receiver)
    make_hook(cast, second_receiver, "webhook.disabled")
    receiver.judge = lambda _: Reply(500)
    began = now()
    for hours in range(0, 120, 6):
        make_task(cast.project, cast.admin)
        drain_at(began + timedelta(hours=hours))
        assert hook.row.is_active
    make_task(cast.project, cast.admin)
    drain_at(began + timedelta(days=5))
    assert (hook.row.is_active, hook.row.disabled_reason) == (False, "failing")
    assert {one.state for one in hook.deliveries()} == {"failed"}
    host = f"127.0.0.1:{receiver.port}"
    changes = {"is_active": [True, False], "disabled_reason": ["", "failing"], "url": [host, host]}
    assert recorded("webhook.disabled") == [("webhook.disabled", changes)]
    drain_at(began + timedelta(days=5))
    [told] = [one.document for one in second_receiver.got]
    assert (told["type"], told["data"]["object"]["id"]) == ("webhook.disabled", str(hook.id))
    count = len(receiver.got)
    make_task(cast.project, cast.admin)
    drain_at(began + timedelta(days=6))
    assert len(receiver.got) == count


def test_one_success_in_five_days_keeps_it_on(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    began = now()
    for hours in range(0, 24 * 9, 8):
        receiver.judge = (lambda _: None) if hours == 96 else (lambda _: Reply(500))
        make_task(cast.project, cast.admin)
        drain_at(began + timedelta(hours=hours))
    assert hook.row.is_active


def test_an_attempt_that_a_crash_cut_off_is_listed_and_made_again(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    make_task(cast.project, cast.admin)
    drain_without_sending(hook)
    drain()
    assert receiver.got == []
    with frozen(now() + timedelta(minutes=5)):
        assert wake_forgotten() == 1
        drain()
    assert hook.attempts() == [(1, None, "interrupted"), (2, 200, "")]
    assert hook.states() == [("task.created", "delivered")]


def drain_without_sending(hook: Hook) -> None:
    """A worker takes the message and dies."""
    publish()
    run_consumers()
    assert claim_next(hook.id) is not None


def test_an_answer_that_comes_after_somebody_took_over_counts_once(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    make_task(cast.project, cast.admin)
    publish()
    run_consumers()
    first = claim_next(hook.id)
    with frozen(now() + timedelta(minutes=1)):
        second = claim_next(hook.id)
        assert first is not None
        assert second is not None
        settle(first, Outcome(500, 9, error="status"), chance=0.5)
        assert hook.states() == [("task.created", "queued")]
        settle(second, Outcome(200, 9), chance=0.5)
    assert hook.states() == [("task.created", "delivered")]
    assert hook.attempts() == [(1, 500, "status"), (2, 200, "")]


def test_a_receiver_that_hangs_rests_longer_and_longer() -> None:
    assert [rest_after(hangs).total_seconds() for hangs in range(9)] == [0, 0, 0, 5, 10, 20, 40, 60, 60]
    assert [at_once(hangs) for hangs in range(5)] == [2, 2, 2, 1, 1]


def test_what_hangs_holds_back_no_other_webhook(
    cast: Cast, receiver: Receiver, second_receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "ANSWER_WITHIN_S", 0.6)
    hanging, fine = make_hook(cast, receiver), make_hook(cast, second_receiver)
    receiver.judge = lambda _: Reply(hangs=True)
    for _ in range(20):
        make_task(cast.project, cast.admin)
    began = now()
    drain_at(began)
    assert {state for _, state in fine.states()} == {"delivered"}
    assert len(receiver.got) == 3
    assert hanging.row.resting_until == began + timedelta(seconds=5)
    receiver.judge = None
    drain_at(began + timedelta(minutes=10))
    assert {state for _, state in hanging.states()} == {"delivered"}
    assert len(hanging.states()) == 20


def test_all_that_hang_together_take_two_requests_at_a_time(cast: Cast, receiver: Receiver) -> None:
    hooks = [make_hook(cast, receiver) for _ in range(4)]
    Webhook.objects.filter(pk__in=[hook.row.pk for hook in hooks[:3]]).update(hangs=3)
    make_task(cast.project, cast.admin)
    publish()
    run_consumers()
    taken = [claim_next(hook.row.pk) for hook in hooks]
    assert [message is not None for message in taken] == [True, True, False, True]
    with frozen(now() + timedelta(minutes=1)):
        assert claim_next(hooks[2].row.pk, goes_on=True) is not None


def test_pings_at_a_receiver_that_hangs_rest_too(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "ANSWER_WITHIN_S", 0.05)
    hook = make_hook(cast, receiver)
    receiver.judge = lambda _: Reply(hangs=True)
    for _ in range(10):
        ping_webhook(hook.row)
    drain_at(now())
    assert len(receiver.got) == 3
    assert not is_blamed(hook)


def test_deliveries_are_kept_for_thirty_days(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    make_task(cast.project, cast.admin)
    drain()
    make_task(cast.project, cast.admin)
    receiver.will(500)
    drain()
    Delivery.objects.filter(state="delivered").update(finished_at=now() - timedelta(days=30, seconds=1))
    assert forget_old_deliveries() == 1
    assert hook.states() == [("task.created", "queued")]
    assert Attempt.objects.count() == 1
    assert forget_old_deliveries() == 0

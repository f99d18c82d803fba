"""Several workers and readers at once: each event is one delivery, each attempt one row, never more than two on their way."""

from collections import Counter
from functools import partial

import pytest
from django.db import transaction

from tests.cast import Cast
from tests.races.together import at_once, sender
from tests.work.tasks.making import make_tasks
from workloom.core.clock import now
from workloom.events.consumers import run_consumers
from workloom.events.publish import publish
from workloom.events.queries import read_after
from workloom.outlets.webhooks.actions import Message, Outcome, claim_next, create_webhook, settle
from workloom.outlets.webhooks.consumer import consume
from workloom.outlets.webhooks.models import Attempt, Delivery, Webhook
from workloom.outlets.webhooks.rules import NewHook

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CROWD = 6


def make_hook(cast: Cast) -> Webhook:
    wanted = NewHook("https://93.184.216.34/", ("task.created",))
    hook, _ = create_webhook((cast.workspace.pk, cast.project.pk), wanted, actor=cast.admin.as_actor())
    return hook


def test_an_event_read_by_many_is_one_delivery(transactional_cast: Cast) -> None:
    cast = transactional_cast
    make_hook(cast)
    make_tasks(cast.project, cast.admin, ["One", "Two"])
    publish()
    events = [event for event in read_after(0, 1000) if event.type == "task.created"]

    def read() -> None:
        for event in events:
            with transaction.atomic():
                consume(event)

    at_once([read] * CROWD)
    assert Delivery.objects.count() == 2


def test_each_attempt_is_one_workers(transactional_cast: Cast) -> None:
    cast = transactional_cast
    hook = make_hook(cast)
    make_tasks(cast.project, cast.admin, [f"Task {at}" for at in range(12)])
    publish()
    run_consumers()

    def work() -> list[Message]:
        done = []
        for _ in range(30):
            message = claim_next(hook.pk)
            if message is not None:
                under_way = Delivery.objects.filter(state="queued", sending_until__gt=now()).count()
                assert under_way <= 2
                settle(message, Outcome(200, 1), chance=0.5)
                done.append(message)
        return done

    sent = [message for part in at_once([work] * CROWD) for message in part]
    assert Counter(message.delivery for message in sent) == Counter(Delivery.objects.values_list("pk", flat=True))
    assert Delivery.objects.filter(state="delivered").count() == 12
    assert Attempt.objects.count() == 12


def test_a_range_asked_for_by_many_is_sent_once_more(transactional_cast: Cast) -> None:
    cast = transactional_cast
    hook = make_hook(cast)
    make_tasks(cast.project, cast.admin, ["One", "Two", "Three"])
    publish()
    run_consumers()
    Delivery.objects.update(state="failed", next_at=None, finished_at=now())
    send = sender(cast.admin)
    replies = at_once([partial(send, "POST", f"/api/v1/webhooks/{hook.pk}/redeliver/", {})] * CROWD)
    assert {reply.status_code for reply in replies} == {202}
    assert sorted(reply.json()["queued"] for reply in replies) == [0] * (CROWD - 1) + [3]


def test_secrets_rotated_at_once_leave_the_last_and_the_one_before(transactional_cast: Cast) -> None:
    cast = transactional_cast
    hook = make_hook(cast)
    send = sender(cast.admin)
    replies = at_once([partial(send, "POST", f"/api/v1/webhooks/{hook.pk}/rotate-secret/")] * CROWD)
    assert len({reply.json()["secret"] for reply in replies}) == CROWD
    assert sorted(reply.json()["version"] for reply in replies) == list(range(2, CROWD + 2))


def test_no_more_webhooks_than_there_may_be(transactional_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workloom.outlets.webhooks.actions.change.MOST_HOOKS", 3)
    cast = transactional_cast
    send = sender(cast.admin)
    body = {"url": "https://93.184.216.34/", "project": str(cast.project.pk)}
    replies = at_once([partial(send, "POST", "/api/v1/webhooks/", body)] * CROWD)
    assert Counter(reply.status_code for reply in replies) == {201: 3, 409: CROWD - 3}
    assert Webhook.objects.count() == 3

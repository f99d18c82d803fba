"""From a change to a request that a stranger's library believes."""

from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook as Stranger
from standardwebhooks.webhooks import WebhookVerificationError

from tests.api import Api
from tests.cast import Cast
from tests.draining import drain
from tests.factories import make_project
from tests.outlets.webhooks.hooking import drain_at, make_hook
from tests.outlets.webhooks.receiving import Receiver
from tests.work.tasks.making import acting, make_task
from workloom.core.clock import now
from workloom.core.context import Context, using_context
from workloom.events.consumers import run_consumers
from workloom.events.models import Job
from workloom.events.publish import publish
from workloom.events.queries import read_after
from workloom.outlets.webhooks.actions import rotate_secret, switch_off
from workloom.outlets.webhooks.consumer import consume
from workloom.outlets.webhooks.models import Attempt, Delivery, Webhook
from workloom.work.tasks.actions import trash_task


def test_a_change_arrives_signed_in_the_shape_of_the_feed(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver, "task.created")
    made = api.as_(cast.member).post(
        "/api/v1/tasks/", {"title": "Write", "project": str(cast.project.pk)}, headers={"User-Agent": "agent"}
    )
    drain()
    [message] = receiver.verified(hook.secret)
    feed = (
        api.as_(cast.member).get("/api/v1/events/", {"project": str(cast.project.pk), "after": "0"}).json()["results"]
    )
    [event] = [one for one in feed if one["type"] == "task.created"]
    assert message == {"type": "task.created", "timestamp": event["occurred_at"], "data": event}
    assert event["object"]["id"] == made.json()["id"]
    assert (event["context"]["ip"], event["context"]["user_agent"]) == (None, None)
    [delivery] = hook.deliveries()
    assert receiver.got[0].id == str(delivery.pk)
    assert receiver.got[0].path == "/hook?key=in-the-path"
    assert receiver.got[0].headers["content-type"] == "application/json"
    assert (delivery.state, delivery.attempts, delivery.status, delivery.error) == ("delivered", 1, 200, "")


def test_another_secret_and_another_body_are_not_believed(cast: Cast, receiver: Receiver) -> None:
    hook, other = make_hook(cast, receiver), make_hook(cast, receiver, is_active=False)
    make_task(cast.project, cast.admin)
    drain()
    [got] = receiver.got
    for secret, body in ((other.secret, got.body), (hook.secret, got.body + b" ")):
        with pytest.raises(WebhookVerificationError):
            Stranger(secret).verify(body, got.headers)


def test_both_secrets_sign_for_a_day_after_a_rotation(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    second = rotate_secret(hook.row, actor=cast.admin.as_actor())
    make_task(cast.project, cast.admin)
    drain()
    assert receiver.verified(hook.secret) == receiver.verified(second)
    assert len(receiver.got[0].headers["webhook-signature"].split()) == 2
    make_task(cast.project, cast.admin)
    drain_at(now() + timedelta(hours=25))
    assert len(receiver.got[1].headers["webhook-signature"].split()) == 1
    third = rotate_secret(hook.row, actor=cast.admin.as_actor())
    make_task(cast.project, cast.admin)
    drain()
    last = receiver.got[-1]
    for secret in (second, third):
        Stranger(secret).verify(last.body, last.headers)
    with pytest.raises(WebhookVerificationError):
        Stranger(hook.secret).verify(last.body, last.headers)


def test_only_wanted_types_of_its_own_project_arrive(cast: Cast, receiver: Receiver, second_receiver: Receiver) -> None:
    beside = make_project(cast.admin, cast.workspace, key="BESIDE")
    make_hook(cast, receiver, "task.created")
    make_hook(cast, second_receiver, "*", of_workspace=True)
    task = make_task(cast.project, cast.admin)
    make_task(beside, cast.admin)
    make_task(cast.far_project, cast.outsider)
    trash_task(task, actor=acting(cast.admin))
    drain()
    assert receiver.types == ["task.created"]
    projects = [(one.type, one.document["data"]["project"]) for one in second_receiver.got]
    near, other = str(cast.project.pk), str(beside.pk)
    tasks = [("task.created", near), ("task.created", other), ("task.deleted", near)]
    assert [one for one in projects if one[0].startswith("task.")] == tasks
    assert {project for _, project in projects} <= {near, other, None}


def test_a_webhook_that_is_off_gets_nothing_and_one_switched_off_gives_up(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver, is_active=False)
    make_task(cast.project, cast.admin)
    drain()
    assert (receiver.got, hook.deliveries()) == ([], [])
    on = make_hook(cast, receiver)
    receiver.will(500)
    make_task(cast.project, cast.admin)
    drain()
    switch_off(on.row, "failing")
    drain_at(now() + timedelta(hours=1))
    assert on.states() == [("task.created", "failed")]
    assert on.deliveries()[0].error == "switched_off"
    assert len(receiver.got) == 1


def test_what_is_queued_at_the_moment_of_switching_off_is_given_up(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    make_task(cast.project, cast.admin)
    publish()
    run_consumers()
    Webhook.objects.filter(pk=hook.row.pk).update(is_active=False)
    drain()
    assert [(one.state, one.error) for one in hook.deliveries()] == [("failed", "switched_off")]
    assert receiver.got == []


def test_imports_are_left_out(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    with using_context(Context(via="import")):
        make_task(cast.project, cast.admin)
    drain()
    assert (receiver.got, hook.deliveries()) == ([], [])


def test_what_is_told_to_a_person_or_to_operators_goes_nowhere(api: Api, cast: Cast, receiver: Receiver) -> None:
    make_hook(cast, receiver, "*", of_workspace=True)
    assert api.as_(cast.owner).post("/api/v1/auth/tokens/", {"name": "script"}).status_code == 201
    drain()
    assert {one.split(".")[0] for one in receiver.types} <= {"webhook"}


def test_a_task_of_another_project_is_not_named(api: Api, cast: Cast, receiver: Receiver) -> None:
    beside = make_project(cast.owner, cast.workspace, key="BESIDE", admin=cast.admin)
    make_hook(cast, receiver, "link.*")
    here, there = make_task(cast.project, cast.admin), make_task(beside, cast.owner)
    link = {"kind": "relates", "task": str(there.pk)}
    assert api.as_(cast.admin).post(f"/api/v1/tasks/{here.pk}/links/", link).status_code == 201
    drain()
    [got] = receiver.got
    assert str(there.pk) not in got.body.decode()
    assert got.document["data"]["changes"]["task"] == [None, None]


def test_an_event_read_twice_is_delivered_once(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    make_task(cast.project, cast.admin)
    drain()
    for event in read_after(0, 1000):
        consume(event)
    drain()
    assert len(receiver.got) == 1
    assert hook.states() == [("task.created", "delivered")]


def test_a_ping_says_no_more_than_that_it_works(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver, is_active=False)
    reply = api.as_(cast.admin).post(f"{hook.path}ping/")
    assert reply.status_code == 202
    drain()
    [message] = receiver.verified(hook.secret)
    assert message["type"] == "webhook.ping"
    assert message["data"] == {
        "webhook": str(hook.id),
        "workspace": str(cast.workspace.pk),
        "project": str(cast.project.pk),
    }
    shown = api.as_(cast.admin).get(reply["Location"]).json()
    assert (shown["state"], shown["event"], shown["seq"], shown["object"]) == ("delivered", None, None, None)


def test_a_ping_that_fails_is_not_tried_again_and_blames_nobody(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    receiver.will(500)
    api.as_(cast.admin).post(f"{hook.path}ping/")
    drain_at(now() + timedelta(days=1))
    assert hook.states()[-1] == ("webhook.ping", "failed")
    assert len(receiver.got) == 1
    assert hook.row.failing_since is None


def test_no_secret_and_no_body_stands_in_jobs(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    make_task(cast.project, cast.admin, "Of Quokkas")
    drain()
    jobs: list[Any] = list(Job.objects.values_list("args", flat=True))
    assert jobs
    assert all(job == {"webhook": str(hook.id)} for job in jobs)
    assert Attempt.objects.count() == Delivery.objects.count() == 1

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.draining import drain
from tests.log import recorded
from tests.outlets.webhooks.hooking import make_hook
from tests.outlets.webhooks.receiving import Receiver, Reply
from tests.work.tasks.making import make_task, make_tasks
from workloom.core.clock import frozen, now
from workloom.core.http.models import KeptAnswer
from workloom.core.ids import uuid7
from workloom.core.signing import key_of
from workloom.events.queries import log_rows
from workloom.outlets.webhooks.models import Attempt, Delivery, Webhook

PATH = "/api/v1/webhooks/"
URL = "https://93.184.216.34/hook?key=hidden"


def errors(reply: Any) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in reply.json()["errors"]]


def body_for(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {"project": str(cast.project.pk), "url": URL, **fields}


def test_an_admin_makes_one_and_reads_its_secret_once(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    reply = admin.post(PATH, body_for(cast, events=["task.*", "comment.created", "task.*"]))
    assert reply.status_code == 201
    shown = reply.json()
    secret = shown.pop("secret")
    assert len(key_of(secret)) == 32
    assert (shown["project"], shown["workspace"]) == (str(cast.project.pk), str(cast.workspace.pk))
    assert (shown["url"], shown["events"], shown["is_active"]) == (URL, ["comment.created", "task.*"], True)
    assert (shown["owner"], shown["version"]) == (str(cast.admin.pk), 1)
    assert reply["Location"] == f"{PATH}{shown['id']}/"
    assert admin.get(reply["Location"]).json() == shown
    assert admin.get(PATH).json()["results"] == [shown]
    changes = {"events": [None, ["comment.created", "task.*"]], "is_active": [None, True]}
    assert recorded() == [("webhook.created", changes | {"url": [None, "93.184.216.34"]})]
    row = Webhook.objects.values().get()
    assert secret not in str(row)
    assert "hidden" not in str(list(log_rows().values()))


def test_a_retry_gets_the_same_secret_and_none_is_kept_readable(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    key = {"Idempotency-Key": "once"}
    first, second = (admin.post(PATH, body_for(cast), headers=key) for _ in range(2))
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Webhook.objects.count() == 1
    kept = bytes(KeptAnswer.objects.get().body)
    assert first.json()["secret"].encode() not in kept
    assert b"webhook" not in kept


def test_an_answer_that_was_sealed_with_another_key_is_not_guessed(api: Api, cast: Cast, settings: Any) -> None:
    token = cast.token("read", "write", "admin")
    key = {"Idempotency-Key": "once"}
    assert api.as_(token).post(PATH, body_for(cast), headers=key).status_code == 201
    settings.SECRET_KEY = "another key of another installation, long enough"
    reply = api.as_(token).post(PATH, body_for(cast), headers=key)
    assert (reply.status_code, reply.json()["code"]) == (409, "answer_unreadable")
    assert Webhook.objects.count() == 1


def test_secrets_sealed_with_another_key_sign_nothing_until_rotated(
    api: Api, cast: Cast, receiver: Receiver, settings: Any
) -> None:
    hook = make_hook(cast, receiver)
    settings.SECRET_KEY = "another key of another installation, long enough"
    make_task(cast.project, cast.admin)
    drain()
    assert receiver.got == []
    assert [(one.state, one.error) for one in hook.deliveries()] == [("failed", "secret_unreadable")]
    secret = api.as_(cast.admin).post(f"{hook.path}rotate-secret/").json()["secret"]
    assert api.as_(cast.admin).post(f"{hook.path}redeliver/", {}).json()["queued"] == 1
    drain()
    assert len(receiver.verified(secret)) == 1


def test_of_a_workspace_by_its_owner_with_all_events_unless_said(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.owner).post(PATH, {"workspace": str(cast.workspace.pk), "url": URL})
    assert reply.status_code == 201
    assert (reply.json()["project"], reply.json()["events"]) == (None, ["*"])
    assert api.as_(cast.admin).get(reply["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"project": None}, ("project", "required")),
        ({"project": str(uuid7())}, ("project", "unknown_project")),
        ({"project": None, "workspace": str(uuid7())}, ("workspace", "unknown_workspace")),
        ({"workspace": "$far"}, ("workspace", "contradiction")),
        ({"events": []}, ("events", "min_length")),
        ({"events": ["task.create"]}, ("events", "unknown_event")),
        ({"events": ["token.created"]}, ("events", "unknown_event")),
        ({"events": ["nothing.*"]}, ("events", "unknown_event")),
        ({"events": [7]}, ("events", "invalid")),
        ({"is_active": 1}, ("is_active", "invalid")),
        ({"secret": "whsec_mine"}, ("secret", "unknown_field")),
    ],
)
def test_what_cannot_be_taken_is_named(api: Api, cast: Cast, fields: dict[str, Any], expected: tuple[str, str]) -> None:
    sent = {name: str(cast.far_workspace.pk) if value == "$far" else value for name, value in fields.items()}
    reply = api.as_(cast.admin).post(PATH, body_for(cast, **sent))
    assert reply.status_code == 400
    assert errors(reply)[0][0].startswith(expected[0])
    assert errors(reply)[0][1] == expected[1]
    assert Webhook.objects.count() == 0
    assert recorded() == []


def test_an_unknown_type_names_the_near_one(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.admin).post(PATH, body_for(cast, events=["task.creatd", "coment.*"]))
    details = [one["detail"] for one in reply.json()["errors"]]
    assert "Did you mean comment.*?" in details[0]
    assert "Did you mean task.created?" in details[1]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://10.0.0.1/", "url_closed"),
        ("http://169.254.169.254/latest/meta-data/", "url_closed"),
        ("http://100.64.0.1/", "url_closed"),
        ("http://0.0.0.0/", "url_closed"),
        ("http://224.0.0.1/", "url_closed"),
        ("http://[::ffff:10.0.0.1]/", "url_closed"),
        ("http://[64:ff9b::10.0.0.1]/", "url_closed"),
        ("http://[2002:a00:1::]/", "url_closed"),
        ("http://[fe80::1%25eth0]/", "url_address"),
        ("http://localhost/", "url_closed"),
        ("http://2130706433/", "url_address"),
        ("http://0177.0.0.1/", "url_address"),
        ("http://0x7f.1/", "url_address"),
        ("http://me:you@hooks.example.org/", "url_user"),
        ("http://93.184.216.34:22/", "url_port"),
        ("ftp://93.184.216.34/", "url_scheme"),
    ],
)
def test_a_target_that_is_closed_is_refused_when_saved(api: Api, cast: Cast, url: str, code: str) -> None:
    admin = api.as_(cast.admin)
    made = admin.post(PATH, body_for(cast))
    for reply in (admin.post(PATH, body_for(cast, url=url)), admin.patch(made["Location"], {"url": url})):
        assert reply.status_code == 400
        assert errors(reply) == [("url", code)]
    assert Webhook.objects.get().url == URL


def names(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """A DNS that gives these answers one after the other, the last one for ever."""
    left = list(answers)

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(2, 1, 6, "", (left.pop(0) if len(left) > 1 else left[0], port))]

    monkeypatch.setattr("workloom.core.outgoing.resolving.socket.getaddrinfo", resolve)


def test_a_name_that_leads_inside_is_refused_when_saved(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "10.1.2.3")
    reply = api.as_(cast.admin).post(PATH, body_for(cast, url="https://hooks.example.org/"))
    assert errors(reply) == [("url", "url_closed")]
    assert "10.1.2.3" not in reply.content.decode()
    assert Webhook.objects.count() == 0


def test_a_name_that_leads_inside_later_is_refused_when_sent(
    api: Api, cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.WEBHOOK_ALLOW = []
    names(monkeypatch, "93.184.216.34", "127.0.0.1")
    url = f"http://hooks.example.org:{receiver.port}/"
    assert api.as_(cast.admin).post(PATH, body_for(cast, url=url)).status_code == 201
    make_task(cast.project, cast.admin)
    drain()
    assert receiver.got == []
    assert set(Attempt.objects.values_list("error", flat=True)) == {"url_closed"}


def test_patch_changes_what_is_sent(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    path = admin.post(PATH, body_for(cast, events=["*"]))["Location"]
    reply = admin.patch(path, {"events": "task.created", "url": "HTTPS://93.184.216.34:443/other"})
    assert reply.status_code == 200
    shown = reply.json()
    assert (shown["events"], shown["url"]) == (["task.created"], "https://93.184.216.34/other")
    assert (shown["version"], reply["ETag"]) == (2, '"2"')
    hosts = ["93.184.216.34", "93.184.216.34"]
    assert recorded("webhook.updated") == [
        ("webhook.updated", {"events": [["*"], ["task.created"]], "url": hosts}),
    ]
    assert admin.patch(path, shown).json()["version"] == 2
    assert admin.put(path, {"url": URL}).json()["events"] == ["task.created"]
    assert errors(admin.put(path, {"is_active": False})) == [("url", "required")]
    assert errors(admin.patch(path, {"project": str(cast.far_project.pk)})) == [("project", "read_only")]


def test_if_match_is_honoured(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    path = admin.post(PATH, body_for(cast))["Location"]
    assert admin.patch(path, {"is_active": False}, headers={"If-Match": '"1"'}).status_code == 200
    assert admin.patch(path, {"events": ["task.*"]}, headers={"If-Match": '"1"'}).status_code == 200
    assert admin.patch(path, {"is_active": True}, headers={"If-Match": '"1"'}).status_code == 412
    assert admin.delete(path, headers={"If-Match": '"2"'}).status_code == 412
    assert admin.get(path, headers={"If-None-Match": '"3"'}).status_code == 304


def test_switched_off_it_gives_up_what_is_queued_and_on_again_it_begins_anew(
    api: Api, cast: Cast, receiver: Receiver
) -> None:
    hook = make_hook(cast, receiver)
    receiver.will(500)
    make_task(cast.project, cast.admin)
    drain()
    admin = api.as_(cast.admin)
    assert admin.patch(hook.path, {"is_active": False}).json()["failing_since"] is not None
    assert [(one.state, one.error) for one in hook.deliveries()] == [("failed", "switched_off")]
    make_task(cast.project, cast.admin)
    shown = admin.patch(hook.path, {"is_active": True}).json()
    assert (shown["failing_since"], shown["disabled_reason"]) == (None, "")
    make_task(cast.project, cast.admin)
    drain()
    assert [one.state for one in hook.deliveries()][-1] == "delivered"


def test_rotating_shows_the_new_secret_once(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    made = admin.post(PATH, body_for(cast))
    at = now()
    with frozen(at):
        reply = admin.post(f"{made['Location']}rotate-secret/")
    assert reply.status_code == 200
    assert reply.json()["secret"] not in {made.json()["secret"], ""}
    assert datetime.fromisoformat(reply.json()["old_secret_until"]) == at + timedelta(hours=24)
    assert "secret" not in admin.get(made["Location"]).json()
    assert recorded("webhook.secret_rotated") == [("webhook.secret_rotated", {})]


def test_a_deleted_one_takes_its_deliveries_along(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    make_tasks(cast.project, cast.admin, ["One", "Two"])
    drain()
    assert api.as_(cast.admin).delete(hook.path).status_code == 204
    assert (Webhook.objects.count(), Delivery.objects.count(), Attempt.objects.count()) == (0, 0, 0)
    host = f"127.0.0.1:{receiver.port}"
    assert recorded("webhook.deleted") == [("webhook.deleted", {"url": [host, None]})]


def test_a_rehearsal_leaves_nothing(api: Api, cast: Cast, receiver: Receiver) -> None:
    admin = api.as_(cast.admin)
    assert admin.post(f"{PATH}?dry_run=true", body_for(cast)).status_code == 201
    assert Webhook.objects.count() == 0
    hook = make_hook(cast, receiver)
    assert admin.post(f"{hook.path}ping/?dry_run=true").status_code == 202
    drain()
    assert (hook.deliveries(), receiver.got) == ([], [])


def test_there_is_an_end_to_how_many(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workloom.outlets.webhooks.actions.change.MOST_HOOKS", 2)
    admin = api.as_(cast.admin)
    replies = [admin.post(PATH, body_for(cast)) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [201, 201, 409]
    assert replies[-1].json()["code"] == "too_many_webhooks"
    assert api.as_(cast.owner).post(PATH, {"workspace": str(cast.workspace.pk), "url": URL}).status_code == 201


@pytest.mark.parametrize("part", ["manager", "member", "viewer", "guest", "workspace_member", "outsider"])
def test_who_does_not_administer_sees_none_and_makes_none(api: Api, cast: Cast, part: str) -> None:
    path = api.as_(cast.admin).post(PATH, body_for(cast))["Location"]
    person = api.as_(cast.people[part])
    assert person.get(PATH).json()["results"] == []
    for method in ("GET", "PATCH", "DELETE"):
        assert person.send(method, path, {"url": URL} if method == "PATCH" else None).status_code == 404
    assert person.post(PATH, body_for(cast)).status_code in {400, 403}
    assert Webhook.objects.count() == 1


def test_filters(api: Api, cast: Cast) -> None:
    owner = api.as_(cast.owner)
    of_project = owner.post(PATH, body_for(cast)).json()["id"]
    of_workspace = owner.post(PATH, {"workspace": str(cast.workspace.pk), "url": URL, "is_active": False}).json()["id"]

    def found(**query: str) -> list[str]:
        return [row["id"] for row in owner.get(PATH, {"ordering": "created_at", **query}).json()["results"]]

    assert found() == [of_project, of_workspace]
    assert found(project=str(cast.project.pk)) == found(is_active="true") == [of_project]
    assert found(project="none") == [of_workspace]
    assert found(workspace=str(cast.workspace.pk)) == [of_project, of_workspace]


def test_a_delivery_shows_request_and_answers(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    receiver.script.append(Reply(500, body=b"out of order", headers=(("X-Why", "broken"),)))
    make_task(cast.project, cast.admin)
    drain()
    [delivery] = hook.deliveries()
    admin = api.as_(cast.admin)
    path = f"{hook.path}deliveries/"
    shown = admin.get(f"{path}{delivery.pk}/").json()
    attempts, body = shown.pop("attempts"), shown.pop("body")
    assert admin.get(path).json()["results"] == [shown]
    assert (shown["state"], shown["attempts_count"], shown["status"], shown["error"]) == ("queued", 1, 500, "status")
    [got] = receiver.got
    assert body == got.body.decode()
    [attempt] = attempts
    assert {name.lower(): value for name, value in attempt["request_headers"].items()}.items() <= got.headers.items()
    assert (attempt["number"], attempt["status"], attempt["body"]) == (1, 500, "out of order")
    assert ["X-Why", "broken"] in attempt["headers"]
    assert attempt["url"] == hook.row.url
    assert admin.get(f"{path}{uuid7()}/").status_code == 404
    other = make_hook(cast, receiver)
    assert admin.get(f"{other.path}deliveries/{delivery.pk}/").status_code == 404


def test_deliveries_are_filtered_by_state_type_and_time(api: Api, cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    receiver.will(500)
    task = make_task(cast.project, cast.admin)
    drain()
    admin = api.as_(cast.admin)
    assert admin.post(f"/api/v1/tasks/{task.pk}/comments/", {"body": "Hello"}).status_code == 201
    admin.post(f"{hook.path}ping/")
    drain()

    def found(**query: str) -> list[str]:
        reply = admin.get(f"{hook.path}deliveries/", {"ordering": "seq", **query})
        assert reply.status_code == 200, reply.content
        return [row["type"] for row in reply.json()["results"]]

    assert found() == ["webhook.ping", "task.created", "comment.created"]
    assert found(state="queued") == ["task.created", "comment.created"]
    assert found(type="task.*") == found(type="task.created") == ["task.created"]
    assert found(type="webhook.ping") == found(state="delivered") == ["webhook.ping"]
    assert found(event=str(hook.deliveries(type="task.created")[0].event_id)) == ["task.created"]
    assert found(after=(now() + timedelta(hours=1)).isoformat()) == []
    assert len(found(before=(now() + timedelta(hours=1)).isoformat())) == 3
    for query in ({"state": "lost"}, {"type": "task.x"}, {"since": "x"}):
        assert admin.get(f"{hook.path}deliveries/", query).status_code == 400


@pytest.mark.parametrize("place", ["hooks", "deliveries"])
def test_a_long_list_costs_as_many_queries_as_a_short_one(api: Api, cast: Cast, receiver: Receiver, place: str) -> None:
    hook = make_hook(cast, receiver)
    admin = api.as_(cast.admin)
    path = PATH if place == "hooks" else f"{hook.path}deliveries/"
    costs = []
    for number in (3, 150):
        _fill(hook.row, place, number)
        with CaptureQueriesContext(connection) as queries:
            reply = admin.get(path, {"page_size": 200})
        assert len(reply.json()["results"]) >= number
        costs.append(len(queries))
    assert costs[0] == costs[1]


def _fill(hook: Webhook, place: str, number: int) -> None:
    if place == "hooks":
        copied = {"project": hook.project, "workspace": hook.workspace, "owner": hook.owner, "events": ["*"]}
        times = {"created_at": now(), "updated_at": now()}
        Webhook.objects.bulk_create(Webhook(**copied, **times, url=URL, secret="x") for _ in range(number))
        return
    Delivery.objects.bulk_create(
        Delivery(webhook=hook, event_id=uuid7(), object_id=uuid7(), seq=at, type="task.created", created_at=now())
        for at in range(number)
    )

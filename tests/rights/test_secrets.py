"""Secrets are told once, to who asked for them, and stand in no other answer, no event, no job and no log line."""

import json
import logging
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from tests.factories import PASSWORD
from tests.rights.other_tenant import content_of
from tests.rights.server import Call
from tests.rights.table import rows
from tests.rights.world import World
from workloom.events.models import Job, LogRow
from workloom.outlets.webhooks.models import Webhook
from workloom.people.accounts.models import PersonalToken, Session, SetupLink, User
from workloom.work.workspaces.models import Invitation

# Columns that no answer ever holds.
KEPT_BACK: tuple[tuple[type[Model], str], ...] = (
    (User, "password"),
    (Session, "refresh_hash"),
    (Session, "previous_hash"),
    (PersonalToken, "secret_hash"),
    (Invitation, "secret_hash"),
    (SetupLink, "token_hash"),
    (LogRow, "salt"),
    (Webhook, "secret"),
    (Webhook, "previous_secret"),
)
READERS = ("operator", "owner", "admin", "member", "admin_token")
SECRET_WORDS = ("hash", "salt", "secret", "password", "token", "refresh", "commitment")
# Columns with such a word in their name that are no secrets.
HARMLESS = {
    ("accounts_personaltoken", "last_used_at"),
    ("core_searchrow", "tokens"),
    ("events_head", "hash"),
    ("events_logrow", "hash"),
    ("events_logrow", "commitment"),
    ("exchange_import", "file_hash"),
}


def _kept_back() -> set[str]:
    found: set[str] = set()
    for model, column in KEPT_BACK:
        found |= set(model._default_manager.values_list(column, flat=True))
    return {value for value in found if len(value) > 8}


def _told(world: World) -> set[str]:
    names = {"refresh", "invitation_token", "own_invitation_token", "password"}
    return {secret for secret in world.credentials.values() if secret} | {str(world.names[name]) for name in names}


def _logged() -> str:
    """All that the log and the queue hold, but for the columns that are secret themselves."""
    events = LogRow.objects.values("type", "changes", "private", "object_key", "request_id", "via")
    jobs = Job.objects.values("name", "args", "error", "dedupe_key")
    return json.dumps([*events, *jobs], default=str)


def test_every_column_that_sounds_secret_is_known() -> None:
    known = {(model._meta.db_table, column) for model, column in KEPT_BACK} | HARMLESS
    ours = [model for model in apps.get_models() if model.__module__.startswith("workloom")]
    columns = {(model._meta.db_table, str(one.column)) for model in ours for one in model._meta.concrete_fields}
    assert {one for one in columns if any(word in one[1] for word in SECRET_WORDS)} - known == set()


@pytest.mark.parametrize("reader", READERS)
def test_no_answer_holds_a_secret(reader: str, world: World, caplog: pytest.LogCaptureFixture) -> None:
    secrets = _kept_back() | _told(world)
    with caplog.at_level(logging.DEBUG):
        for row in rows():
            if row.method == "GET":
                call = row.call(world, reader)
                text = content_of(world.send(reader, call))
                assert [secret for secret in secrets if secret in text] == [], str(call)
    assert [secret for secret in secrets if secret in caplog.text] == []


def _login(password: str = PASSWORD) -> Call:
    return Call("POST", "auth/login/", {"username": "colleague", "password": password})


def _minting(world: World) -> list[tuple[str, Call, tuple[str, ...]]]:
    """Requests whose answers hold secrets, and which."""
    workspace, project = world.names["workspace"], world.names["project"]
    new = {"email": "new@example.org"}
    return [
        ("visitor", _login(), ("access", "refresh")),
        ("visitor", Call("POST", "auth/refresh/", {"refresh": world.names["refresh"]}), ("access", "refresh")),
        ("admin", Call("POST", "auth/tokens/", {"name": "script"}), ("token",)),
        ("owner", Call("POST", f"workspaces/{workspace}/invitations/", new), ("token",)),
        ("owner", Call("POST", f"projects/{project}/members/", new), ("token",)),
        ("owner", Call("POST", "webhooks/", {"project": project, "url": "https://93.184.216.34/"}), ("secret",)),
        ("owner", Call("POST", f"webhooks/{world.names['webhook']}/rotate-secret/"), ("secret",)),
    ]


def test_a_secret_is_told_once_and_stored_nowhere_as_it_is(world: World, caplog: pytest.LogCaptureFixture) -> None:
    told: set[str] = set()
    with caplog.at_level(logging.DEBUG):
        for actor, call, names in _minting(world):
            document = world.send(actor, call).json()
            told |= {document[name] for name in names}
    assert len(told) == 9
    stored = _logged() + json.dumps(list(_rows_of(User, Session, PersonalToken, Invitation, Webhook)), default=str)
    for secret in told | {PASSWORD}:
        assert secret not in stored
        assert secret not in caplog.text
    for hidden in _kept_back():
        assert hidden not in _logged()


def _rows_of(*models: type[Model]) -> Any:
    for model in models:
        yield from model._default_manager.values()


def test_a_refusal_does_not_repeat_a_secret(world: World) -> None:
    wrong = "a wrong but private word"
    calls = [
        ("visitor", _login(wrong)),
        ("visitor", Call("POST", "auth/refresh/", {"refresh": world.names["refresh"] + "x"})),
        ("visitor", Call("POST", "auth/login/", {"username": "colleague", "password": wrong, "passwort": wrong})),
        ("visitor", Call("POST", "auth/register/", {"email": "no address", "password": wrong})),
        ("admin", Call("POST", "auth/change-password/", {"current_password": wrong, "new_password": wrong})),
        ("admin", Call("POST", "workspaces/invitations/accept/", {"token": wrong})),
    ]
    for actor, call in calls:
        answer = world.send(actor, call)
        assert answer.status_code in {400, 401, 404}, answer.content
        for value in (call.body or {}).values():
            assert value in {"colleague", "no address"} or value not in content_of(answer)
    assert wrong not in _logged()


def test_the_document_and_the_metrics_name_nobody(world: World) -> None:
    for path in ("/metrics", "/livez", "/readyz", "/api/v1/health/", "/api/v1/schema/"):
        text = content_of(world.send("visitor", Call("GET", path)))
        names = (world.cast.admin.email or "", world.cast.project.name, world.names["project"], world.names["task"])
        assert [name for name in names if name in text] == [], path

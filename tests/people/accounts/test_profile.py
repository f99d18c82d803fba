from collections.abc import Callable
from typing import Any

import pytest

from tests.api import Api
from tests.factories import make_user, personal_token
from workloom.people.accounts.models import User

PROFILE = "/api/v1/auth/profile/"


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada", name="Ada")


@pytest.mark.parametrize("path", [PROFILE, "/api/profile/", "/api/auth/users/me/"])
def test_everybody_reads_their_own_account(api: Api, ada: User, path: str) -> None:
    reply = api.as_(ada).get(path)
    assert reply.headers["ETag"] == '"1"'
    told = reply.json()
    assert (told["email"], told["role"], told["time_zone"], told["locale"], told["bio"]) == (
        "ada@example.org", "user", "UTC", "en", "",
    )  # fmt: skip
    assert "password" not in told


def test_fields_and_an_unchanged_version_are_honoured(api: Api, ada: User) -> None:
    assert api.as_(ada).get(PROFILE, {"fields": "id,name"}).json() == {"id": str(ada.id), "name": "Ada"}
    assert api.as_(ada).get(PROFILE, headers={"If-None-Match": '"1"'}).status_code == 304
    assert api.as_(ada).get(PROFILE, {"fields": "password"}).status_code == 400


@pytest.mark.parametrize("verb", ["patch", "put"])
def test_the_fields_sent_are_changed(api: Api, ada: User, verb: str, recorded: Callable[[], list[str]]) -> None:
    change = {"name": "Ada L.", "username": "Countess", "bio": "Notes", "time_zone": "Europe/London", "locale": "en-GB"}
    reply = getattr(api.as_(ada), verb)(PROFILE, change)
    assert reply.status_code == 200, reply.content
    assert {name: reply.json()[name] for name in change} == change
    assert reply.json()["version"] == 2
    ada.refresh_from_db()
    assert ada.username_key == "countess"
    assert recorded() == ["person.updated"]


def test_what_was_read_can_be_sent_back_and_changes_nothing(
    api: Api, ada: User, recorded: Callable[[], list[str]]
) -> None:
    caller = api.as_(ada)
    reply = caller.put(PROFILE, caller.get(PROFILE).json())
    assert (reply.status_code, reply.json()["version"]) == (200, 1)
    assert recorded() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": "else@example.org"}, "read_only"),
        ({"role": "admin"}, "read_only"),
        ({"is_verified": False}, "read_only"),
        ({"avatar": "x.png"}, "read_only"),
        ({"password": "something long"}, "unknown_field"),
        ({"time_zone": "Mars/Olympus"}, "zone"),
        ({"locale": "english!"}, "invalid"),
        ({"username": "a@b"}, "invalid_username"),
        ({"username": "BOB"}, "username_taken"),
        ({"username": None}, "null"),
        ({"name": "x" * 201}, "max_length"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_written(
    api: Api, ada: User, change: dict[str, Any], code: str, recorded: Callable[[], list[str]]
) -> None:
    make_user("bob")
    reply = api.as_(ada).patch(PROFILE, {"bio": "new", **change})
    assert reply.status_code == 400
    assert [(error["field"], error["code"]) for error in reply.json()["errors"]] == [(next(iter(change)), code)]
    assert User.objects.get(pk=ada.pk).bio == ""
    assert recorded() == []


def test_one_may_change_the_case_of_the_own_username(api: Api, ada: User) -> None:
    assert api.as_(ada).patch(PROFILE, {"username": "ADA"}).json()["username"] == "ADA"


def test_a_change_based_on_an_old_version_is_merged_or_refused(api: Api, ada: User) -> None:
    caller = api.as_(ada)
    caller.patch(PROFILE, {"name": "Ada L."})
    assert caller.patch(PROFILE, {"name": "Else"}, headers={"If-Match": '"2"'}).status_code == 200
    assert caller.patch(PROFILE, {"bio": "Notes"}, headers={"If-Match": '"2"'}).status_code == 200
    stale = caller.patch(PROFILE, {"name": "Third"}, headers={"If-Match": '"2"'})
    assert (stale.status_code, stale.json()["current"]["name"]) == (412, "Else")


def test_a_personal_token_reads_the_account_and_never_changes_it(api: Api, ada: User) -> None:
    for scope in ("read", "write", "admin"):
        caller = api.as_(personal_token(ada, scope))
        assert caller.get(PROFILE).status_code == 200
        assert caller.patch(PROFILE, {"name": "Else"}).status_code == 403
    assert User.objects.get(pk=ada.pk).name == "Ada"

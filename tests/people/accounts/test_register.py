from collections.abc import Callable

import pytest

from tests.api import Api
from tests.factories import make_user
from workloom.events.queries import log_rows
from workloom.people.accounts.models import User

PASSWORD = "a tolerably long one"


@pytest.mark.parametrize("path", ["/api/v1/auth/register/", "/api/auth/register", "/api/auth/users/", "/api/register/"])
def test_somebody_registers(api: Api, path: str, recorded: Callable[[], list[str]]) -> None:
    reply = api.post(path, {"email": " Ada@Example.org", "password": PASSWORD, "re_password": PASSWORD, "name": "Ada"})
    assert reply.status_code == 201, reply.content
    user = User.objects.get()
    assert reply.json() == {
        "id": str(user.id),
        "username": "ada",
        "email": "Ada@Example.org",
        "name": "Ada",
        "avatar": None,
        "role": "user",
        "is_active": True,
        "is_verified": False,
        "created_at": user.created_at.isoformat().replace("+00:00", "Z"),
        "last_login": None,
        "version": 1,
    }
    assert user.check_password(PASSWORD)
    assert recorded() == ["person.registered"]


def test_the_log_keeps_names_in_its_private_part_and_no_secret(api: Api) -> None:
    api.post("/api/v1/auth/register/", {"email": "ada@example.org", "password": PASSWORD})
    row = log_rows().get()
    assert row.changes == {"role": [None, "user"]}
    assert row.private is not None
    assert row.private["changes"] == {"email": [None, "ada@example.org"], "username": [None, "ada"]}
    assert PASSWORD not in str(row.__dict__)


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"email": "ADA@example.ORG"}, "email", "email_taken"),
        ({"username": "ADA"}, "username", "username_taken"),
        ({"email": "nobody"}, "email", "invalid"),
        ({"email": 7}, "email", "invalid"),
        ({"email": None}, "email", "null"),
        ({"password": "short"}, "password", "password_too_short"),
        ({"password": "grace.hopper"}, "password", "password_too_similar"),
        ({"password_confirm": "another one"}, "password_confirm", "password_mismatch"),
        ({"username": "a@b"}, "username", "invalid_username"),
        ({"role": "admin"}, "role", "read_only"),
        ({"is_verified": True}, "is_verified", "read_only"),
        ({"is_staff": True}, "is_staff", "unknown_field"),
        ({"nmae": "Grace"}, "nmae", "unknown_field"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_written(
    api: Api, recorded: Callable[[], list[str]], changed: dict[str, object], field: str, code: str
) -> None:
    make_user("ada", email="ada@example.org")
    body = {"email": "grace.hopper@example.org", "password": PASSWORD} | changed
    reply = api.post("/api/v1/auth/register/", body)
    assert reply.status_code == 400
    assert [(error["field"], error["code"]) for error in reply.json()["errors"]] == [(field, code)]
    assert User.objects.count() == 1
    assert recorded() == []


def test_several_mistakes_are_named_at_once(api: Api) -> None:
    reply = api.post("/api/v1/auth/register/", {"email": "g@example.org", "password": "short", "username": "a b"})
    assert {error["field"] for error in reply.json()["errors"]} == {"password", "username"}


def test_a_taken_username_gets_an_ending_when_it_is_made_from_the_address(api: Api) -> None:
    make_user("ada", email="ada@example.com")
    reply = api.post("/api/v1/auth/register/", {"email": "ada@example.org", "password": PASSWORD})
    assert reply.status_code == 201
    assert reply.json()["username"].startswith("ada-")


def test_an_old_header_keeps_nobody_from_registering(api: Api) -> None:
    reply = api.as_("nonsense").post("/api/v1/auth/register/", {"email": "ada@example.org", "password": PASSWORD})
    assert reply.status_code == 201


def test_a_password_is_not_trimmed(api: Api) -> None:
    api.post("/api/v1/auth/register/", {"email": "ada@example.org", "password": "  seven  blanks "})
    assert User.objects.get().check_password("  seven  blanks ")

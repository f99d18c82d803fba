from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from tests.api import Api
from tests.factories import PASSWORD, make_user
from workloom.events.queries import log_rows
from workloom.people.accounts.models import Session, User

LOGIN = "/api/v1/auth/login/"


@pytest.fixture
def ada(db: None) -> User:
    return make_user("Ada", email="Ada@example.org", password=PASSWORD)


@pytest.mark.parametrize(
    "name", [{"email": "ada@EXAMPLE.org"}, {"username": "ADA"}, {"email": "ada"}, {"username": "ada@example.org"}]
)
def test_somebody_signs_in_by_either_name_in_any_case(
    api: Api, ada: User, name: dict[str, str], recorded: Callable[[], list[str]]
) -> None:
    reply = api.post(LOGIN, {**name, "password": PASSWORD})
    assert reply.status_code == 200, reply.content
    told = reply.json()
    assert told["token"] == told["access"]
    assert told["expires_in"] == 1800
    assert told["user"]["id"] == str(ada.id)
    assert told["user"]["last_login"] is not None
    assert api.as_(told["access"]).get("/api/v1/auth/verify/").json()["user"]["username"] == "Ada"
    assert recorded() == ["session.started"]


def test_the_session_keeps_address_and_agent(api: Api, ada: User) -> None:
    api.post(LOGIN, {"email": "ada@example.org", "password": PASSWORD}, headers={"User-Agent": "tests/1"})
    session = Session.objects.get()
    assert (session.agent, session.kind) == ("tests/1", "rotating")
    assert session.refresh_hash


@pytest.mark.parametrize(
    "who", ["wrong password", "unknown", "inactive", "placeholder", "without password", "nonsense"]
)
def test_every_refusal_has_the_same_words(api: Api, ada: User, who: str, recorded: Callable[[], list[str]]) -> None:
    make_user("off", password=PASSWORD, is_active=False)
    make_user("ghost", password=PASSWORD, is_placeholder=True)
    make_user("none")
    names = {
        "wrong password": "ada",
        "inactive": "off",
        "placeholder": "ghost",
        "without password": "none",
        "nonsense": "𝒂'\" --%",
    }
    sent = "wrong one here" if who == "wrong password" else PASSWORD
    reply = api.post(LOGIN, {"username": names.get(who, "nobody"), "password": sent})
    assert reply.status_code == 401
    problem = reply.json()
    assert (problem["code"], problem["detail"]) == ("invalid_credentials", "The account or the password is wrong.")
    assert "WWW-Authenticate" in reply.headers
    assert Session.objects.count() == 0
    assert recorded() == ["sign_in.failed"]


def test_an_unknown_account_takes_a_hash_too(api: Api, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    real = MD5PasswordHasher.verify

    def watch(self: Any, password: str, encoded: str) -> bool:
        hashed.append(password)
        return bool(real(self, password, encoded))

    monkeypatch.setattr(MD5PasswordHasher, "verify", watch)
    for name in ("ada", "nobody"):
        api.post(LOGIN, {"username": name, "password": "wrong one here"})
    assert hashed == ["wrong one here", "wrong one here"]


def test_a_failure_names_the_person_in_the_log_but_not_what_was_typed(api: Api, ada: User) -> None:
    api.post(LOGIN, {"username": "ada", "password": "wrong one here"})
    api.post(LOGIN, {"username": "a password in the wrong field", "password": "wrong one here"})
    known, unknown = log_rows().order_by("n")
    assert known.object_id == ada.id
    assert unknown.object_id.int == 0
    assert "wrong field" not in str(unknown.__dict__)
    assert "wrong one" not in str(known.__dict__)
    assert known.audience == "operators"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": "x"}, "email"),
        ({"email": "a@example.org"}, "password"),
        ({"email": "a@example.org", "username": "b", "password": "x"}, "username"),
        ({"email": ["a"], "password": "x"}, "email"),
        ({"email": "a", "password": "x", "remember": True}, "remember"),
    ],
)
def test_a_body_that_lacks_or_doubles_something_is_refused(
    api: Api, db: None, body: dict[str, Any], field: str
) -> None:
    reply = api.post(LOGIN, body)
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["field"] == field


def test_an_unverified_address_is_told_after_the_right_password_only(api: Api, settings: Any) -> None:
    settings.REQUIRE_VERIFIED_EMAIL = True
    make_user("eve", password=PASSWORD, is_verified=False)
    assert api.post(LOGIN, {"username": "eve", "password": PASSWORD}).json()["code"] == "email_not_verified"
    assert api.post(LOGIN, {"username": "eve", "password": "wrong one here"}).json()["code"] == "invalid_credentials"


def test_the_access_token_carries_ids_and_nothing_personal(api: Api, ada: User) -> None:
    token = api.post(LOGIN, {"username": "ada", "password": PASSWORD}).json()["access"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims) == {"iss", "aud", "typ", "sub", "sid", "jti", "iat", "exp"}
    assert claims["exp"] - claims["iat"] == 1800


def test_the_usual_token_address_opens_a_session_that_keeps_its_refresh_token(api: Api, ada: User) -> None:
    first = api.post("/api/token/", {"username": "ada", "password": PASSWORD}).json()
    again = api.post("/api/token/refresh/", {"refresh": first["refresh"]})
    assert again.status_code == 200
    assert again.json()["refresh"] == first["refresh"]
    assert api.post("/api/v1/auth/refresh/", {"refresh": first["refresh"]}).json()["refresh"] == first["refresh"]
    assert api.as_(again.json()["access"]).get("/api/v1/auth/verify/").status_code == 200


def test_the_usual_token_address_can_be_switched_off(api: Api, ada: User, settings: Any) -> None:
    settings.TOKEN_COMPAT = False
    reply = api.post("/api/token/", {"username": "ada", "password": PASSWORD})
    assert (reply.status_code, reply.json()["code"]) == (403, "token_compat_off")
    assert Session.objects.count() == 0

from collections.abc import Callable
from typing import Any

import pytest

from tests.api import Api
from tests.factories import PASSWORD, access_token, make_user, personal_token
from workloom.people.accounts.models import User

CHANGE = "/api/v1/auth/change-password/"
NEW = "another long one 7"


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada", password=PASSWORD)


@pytest.mark.parametrize(
    "body",
    [
        {"current_password": PASSWORD, "new_password": NEW},
        {"old_password": PASSWORD, "new_password": NEW, "re_new_password": NEW},
    ],
)
def test_the_password_changes_and_all_other_sessions_end(
    api: Api, ada: User, body: dict[str, str], recorded: Callable[[], list[str]]
) -> None:
    here, there = access_token(ada), access_token(ada)
    assert api.as_(here).post(CHANGE, body).status_code == 204
    assert User.objects.get(pk=ada.pk).check_password(NEW)
    assert api.as_(here).get("/api/v1/auth/verify/").status_code == 200
    assert api.as_(there).get("/api/v1/auth/verify/").status_code == 401
    assert recorded() == ["password.changed", "session.ended"]


@pytest.mark.parametrize(
    ("change", "field", "code", "events"),
    [
        ({"current_password": "wrong one here"}, "current_password", "wrong_password", ["sign_in.failed"]),
        ({"new_password": "short"}, "new_password", "password_too_short", []),
        ({"new_password": "ada@example.org"}, "new_password", "password_too_similar", []),
        ({"new_password_confirm": "else"}, "new_password_confirm", "password_mismatch", []),
        ({"old_password": "else"}, "current_password", "contradiction", []),
    ],
)
def test_what_cannot_be_taken_is_named(
    api: Api,
    ada: User,
    change: dict[str, Any],
    field: str,
    code: str,
    events: list[str],
    recorded: Callable[[], list[str]],
) -> None:
    reply = api.as_(ada).post(CHANGE, {"current_password": PASSWORD, "new_password": NEW, **change})
    assert reply.status_code == 400
    error = reply.json()["errors"][0]
    assert (error["field"], error["code"]) == (field, code)
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)
    assert recorded() == events


def test_a_personal_token_changes_no_password(api: Api, ada: User) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert api.as_(personal_token(ada, "admin")).post(CHANGE, body).status_code == 403
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)

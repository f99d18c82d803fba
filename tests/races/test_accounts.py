"""Real connections, real commits: what two people do at the same instant."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client

from tests.factories import PASSWORD, make_operator, make_user
from tests.races.together import at_once
from workloom.core.errors import Refused
from workloom.people.accounts.actions import change_role, mint_setup_link, refresh_session, sign_in, use_setup_link
from workloom.people.accounts.models import Session, SessionKind, User, UserRole
from workloom.people.accounts.rules.guessing import BY_ACCOUNT

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CROWD = 8


def refused_or(act: Callable[..., Any], *args: Any) -> Any:
    """Return what is returned, or the refusal."""
    try:
        return act(*args)
    except Refused as refusal:
        return refusal


def register(body: dict[str, str]) -> tuple[int, str]:
    reply = Client(raise_request_exception=False).post("/api/v1/auth/register/", body, "application/json")
    told = reply.json()
    return reply.status_code, told["username"] if reply.status_code == 201 else told["errors"][0]["code"]


def test_one_address_registers_once_in_any_case() -> None:
    bodies = [{"email": f"{'ada' if at % 2 else 'ADA'}@example.org", "password": PASSWORD} for at in range(CROWD)]
    replies = at_once([partial(register, body) for body in bodies])
    assert Counter(status for status, _ in replies) == {201: 1, 400: CROWD - 1}
    assert {code for status, code in replies if status == 400} == {"email_taken"}
    assert User.objects.count() == 1


def test_one_username_is_chosen_once_in_any_case() -> None:
    bodies = [
        {"email": f"p{at}@example.org", "password": PASSWORD, "username": "ada" if at % 2 else "ADA"}
        for at in range(CROWD)
    ]
    replies = at_once([partial(register, body) for body in bodies])
    assert Counter(status for status, _ in replies) == {201: 1, 400: CROWD - 1}
    assert {code for status, code in replies if status == 400} == {"username_taken"}


def test_usernames_made_from_the_address_never_clash() -> None:
    bodies = [{"email": f"ada@example{at}.org", "password": PASSWORD} for at in range(CROWD)]
    replies = at_once([partial(register, body) for body in bodies])
    assert {status for status, _ in replies} == {201}
    assert len({name for _, name in replies}) == CROWD


def test_tabs_that_refresh_at_once_get_the_same_new_token() -> None:
    make_user("ada", password=PASSWORD)
    first = sign_in("ada", PASSWORD, SessionKind.ROTATING).refresh or ""
    opened = at_once([lambda: refresh_session(first).refresh] * CROWD)
    assert len(set(opened)) == 1
    assert opened[0] != first
    assert Session.objects.get().ended_at is None


def test_a_setup_link_makes_one_administrator() -> None:
    secret = mint_setup_link()
    names = [f"boss{at}@example.org" for at in range(CROWD)]
    made = at_once([partial(refused_or, use_setup_link, secret, name, PASSWORD) for name in names])
    assert sum(isinstance(one, Refused) for one in made) == CROWD - 1
    assert User.objects.filter(role=UserRole.ADMIN).count() == 1


def test_the_last_two_operators_do_not_both_leave() -> None:
    both = [make_operator("one"), make_operator("two")]
    actor = both[0].as_actor()
    acts = [partial(change_role, user.id, UserRole.USER, actor=actor) for user in both]
    left = at_once([partial(refused_or, act) for act in acts])
    assert sum(isinstance(one, Refused) for one in left) == 1
    assert User.objects.filter(role=UserRole.ADMIN).count() == 1


def test_of_guesses_at_once_no_more_pass_than_the_limit() -> None:
    make_user("ada", password=PASSWORD)

    def guess() -> int:
        body = {"username": "ada", "password": "wrong one here"}
        return Client(raise_request_exception=False).post("/api/v1/auth/login/", body, "application/json").status_code

    replies = at_once([guess] * (2 * BY_ACCOUNT))
    assert Counter(replies) == {401: BY_ACCOUNT, 429: BY_ACCOUNT}

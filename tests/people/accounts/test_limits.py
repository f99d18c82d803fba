from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.api import Api
from tests.factories import PASSWORD, make_user
from workloom.core import clock
from workloom.people.accounts.rules.guessing import BY_ACCOUNT, BY_ADDRESS, WINDOW_S, account_bucket, address_bucket

LOGIN = "/api/v1/auth/login/"


def attempt(api: Api, name: str, sent: str = "wrong one here") -> Any:
    return api.post(LOGIN, {"username": name, "password": sent})


@pytest.mark.parametrize("names", [("ada", "ADA@example.org"), ("nobody", "NOBODY")], ids=["known", "unknown"])
def test_an_account_is_guessed_ten_times_and_no_more(
    api: Api, names: tuple[str, str], recorded: Callable[[], list[str]]
) -> None:
    make_user("ada", password=PASSWORD)
    replies = [attempt(api, names[at % 2]) for at in range(BY_ACCOUNT + 2)]
    assert [reply.status_code for reply in replies] == [401] * BY_ACCOUNT + [429] * 2
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= WINDOW_S
    assert recorded() == ["sign_in.failed"] * BY_ACCOUNT


def test_the_right_password_is_not_taken_either_until_the_window_ends(api: Api) -> None:
    make_user("ada", password=PASSWORD)
    for _ in range(BY_ACCOUNT):
        attempt(api, "ada")
    assert attempt(api, "ada", PASSWORD).status_code == 429
    with clock.frozen(clock.now() + timedelta(seconds=WINDOW_S + 1)):
        assert attempt(api, "ada", PASSWORD).status_code == 200


def test_who_succeeds_starts_afresh(api: Api) -> None:
    make_user("ada", password=PASSWORD)
    for _ in range(3):
        for _ in range(BY_ACCOUNT - 1):
            assert attempt(api, "ada").status_code == 401
        assert attempt(api, "ada", PASSWORD).status_code == 200


def test_an_address_guesses_so_many_accounts_and_no_more(api: Api) -> None:
    make_user("ada", password=PASSWORD)
    replies = {attempt(api, f"nobody{at}").status_code for at in range(BY_ADDRESS)}
    assert replies == {401}
    assert attempt(api, "ada", PASSWORD).status_code == 429


def test_those_who_succeed_do_not_use_their_address_up(api: Api) -> None:
    make_user("ada", password=PASSWORD)
    assert {attempt(api, "ada", PASSWORD).status_code for _ in range(BY_ADDRESS + 5)} == {200}


def test_asking_for_accounts_by_registering_is_limited_too(api: Api) -> None:
    make_user("ada")
    taken = {"email": "ada@example.org", "password": PASSWORD}
    assert {api.post("/api/v1/auth/register/", taken).status_code for _ in range(BY_ADDRESS)} == {400}
    assert api.post("/api/v1/auth/register/", taken).status_code == 429


def test_registering_itself_is_not(api: Api) -> None:
    for at in range(5):
        body = {"email": f"p{at}@example.org", "password": PASSWORD}
        assert api.post("/api/v1/auth/register/", body).status_code == 201


def test_the_present_password_is_guessed_ten_times_and_no_more(api: Api) -> None:
    caller = api.as_(make_user("ada", password=PASSWORD))
    body = {"current_password": "wrong one here", "new_password": "another long one 7"}
    replies = [caller.post("/api/v1/auth/change-password/", body).status_code for _ in range(BY_ACCOUNT + 1)]
    assert replies == [400] * BY_ACCOUNT + [429]


def test_counts_are_named_without_what_was_typed() -> None:
    assert account_bucket("sign-in", "ADA") == account_bucket("sign-in", "ada")
    assert "ada" not in account_bucket("sign-in", "ada").lower().split(":")[2]
    assert len(account_bucket("sign-in", "x" * 5000)) < 160


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("odd", "odd", True),
    ],
)
def test_an_ipv6_caller_is_a_whole_network(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert (address_bucket("x", one) == address_bucket("x", other)) is same

"""One caller is one caller, and keeps nobody's name from being erased."""

from django.test import Client, override_settings

from tests.api import Api
from tests.cast import Cast
from workloom.people.accounts.actions import anonymise_user
from workloom.people.accounts.rules.names import username_problem


def test_an_ipv6_visitor_has_one_limit_whatever_address_of_theirs_they_use(api: Api) -> None:
    def ask(address: str) -> int:
        return int(Client(raise_request_exception=False, REMOTE_ADDR=address).get("/api/v1/tasks/").status_code)

    with override_settings(THROTTLE_ANON_RATE="2/hour"):
        assert [ask(f"2001:db8::{at}") for at in range(1, 4)] == [401, 401, 429]
        assert ask("2001:db8:0:1::1") == 401


def test_nobody_takes_the_name_that_an_erasure_will_need(api: Api, cast: Cast) -> None:
    body = {"email": "m@example.org", "password": "crimson-otter-55", "username": f"Deleted-{cast.guest.pk.hex[-12:]}"}
    assert api.post("/api/v1/auth/register/", body).status_code == 400
    assert username_problem("deletedfiles") is None
    anonymise_user(cast.guest.pk, actor=cast.operator.as_actor())

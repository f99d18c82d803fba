from ipaddress import ip_network

import pytest
from django.test import RequestFactory, override_settings

from tests.api import Api
from tests.factories import make_user
from workloom.core import limits as counters
from workloom.core.http.limits import client_address
from workloom.core.limit_stores import ProcessStore


def test_every_answer_says_what_is_left(api: Api) -> None:
    with counters.using(ProcessStore()), override_settings(THROTTLE_USER_RATE="3/hour"):
        ann = api.as_(make_user("ann"))
        left = [ann.get("/api/v1/projects/")["RateLimit"] for _ in range(3)]
        assert [text.split(";")[1] for text in left] == ["r=2", "r=1", "r=0"]
        refused = ann.get("/api/v1/projects/")
        assert refused.status_code == 429
        assert refused["RateLimit-Policy"] == '"default";q=3;w=3600'
        assert 0 < int(refused["Retry-After"]) <= 3600
        assert refused.json()["code"] == "throttled"


def test_visitors_are_counted_by_address_and_guesses_too(api: Api) -> None:
    with counters.using(ProcessStore()), override_settings(THROTTLE_ANON_RATE="2/hour"):
        guess = api.as_("not-a-token")
        assert [guess.get("/api/v1/tasks/").status_code for _ in range(3)] == [401, 401, 429]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_a_proxys_word_counts_only_when_it_is_trusted(peer: str, forwarded: str, found: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(TRUSTED_PROXIES=[ip_network("10.0.0.0/8")]):
        assert client_address(request) == found

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import override_settings

from tests.api import Api
from workloom import __version__


def test_a_healthy_server_names_its_parts(api: Api) -> None:
    reply = api.get("/api/health/")
    assert reply.status_code == 200
    assert reply.json() == {
        "status": "healthy",
        "database": "connected",
        "cache": "connected",
        "failing": [],
        "release": __version__,
    }


def test_whoever_watches_it_is_never_told_to_wait(api: Api) -> None:
    with override_settings(THROTTLE_ANON_RATE="1/hour"):
        replies = [api.get("/api/health/") for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 200]
    assert not replies[0].has_header("RateLimit")


@pytest.mark.parametrize("path", ["/api/health", "/api/health/", "/api/v1/health/"])
def test_health_is_found_under_every_spelling(api: Api, path: str) -> None:
    assert api.get(path).status_code == 200


@pytest.fixture
def deaf_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache whose server is away, as the driver says it."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise ConnectionRefusedError

    backend = type(cache._connections[cache._alias])  # type: ignore[attr-defined] # Django's proxy
    monkeypatch.setattr(backend, "set", refuse)
    monkeypatch.setattr(backend, "get", refuse)


@pytest.mark.usefixtures("deaf_cache")
def test_a_lost_cache_is_named(api: Api) -> None:
    reply = api.get("/api/health/")
    assert reply.status_code == 503
    assert reply.json()["status"] == "unhealthy"
    assert (reply.json()["cache"], reply.json()["database"]) == ("disconnected", "connected")
    assert reply.json()["failing"] == ["cache"]
    assert api.get("/readyz").content == b"failing: cache\n"
    assert api.get("/livez").status_code == 200


@pytest.fixture
def lost_database(db: None) -> Iterator[None]:
    """Every statement fails the way a driver fails without its server."""

    def refuse(*_args: object) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.usefixtures("lost_database")
def test_a_lost_database_is_named(api: Api) -> None:
    reply = api.get("/api/health/")
    assert reply.status_code == 503
    assert reply.json()["failing"] == ["database"]
    assert api.get("/readyz").content == b"failing: database, migrations\n"
    assert api.get("/livez").status_code == 200


def test_a_server_is_ready_when_every_migration_is_applied(api: Api) -> None:
    assert api.get("/readyz").content == b"ok\n"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'events'")
    reply = api.get("/readyz")
    assert (reply.status_code, reply.content) == (503, b"failing: migrations\n")

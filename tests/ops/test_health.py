import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import override_settings

from tests.api import Api
from tests.cast import Cast
from tests.work.tasks.making import make_task
from workloom import __version__
from workloom.core import clock
from workloom.core.clock import now
from workloom.events.lives import breathe
from workloom.events.models import Consumer, LogRow
from workloom.events.publish import publish
from workloom.events.ticks import run_ticks
from workloom.ops import parts


def test_a_healthy_server_names_its_parts(api: Api) -> None:
    reply = api.get("/api/health/")
    assert reply.status_code == 200
    assert reply.json() == {
        "status": "healthy",
        "database": "connected",
        "cache": "connected",
        "jobs": "connected",
        "events": "current",
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
    assert (reply.json()["jobs"], reply.json()["events"]) == ("unknown", "unknown")
    assert api.get("/readyz").content == b"failing: database, migrations\n"
    assert api.get("/livez").status_code == 200


def test_a_server_is_ready_when_every_migration_is_applied(api: Api) -> None:
    assert api.get("/readyz").content == b"ok\n"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'events'")
    reply = api.get("/readyz")
    assert (reply.status_code, reply.content) == (503, b"failing: migrations\n")


@pytest.fixture
def an_hour_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "began", time.monotonic() - 3600)


@pytest.mark.usefixtures("an_hour_old")
def test_a_queue_that_nobody_works_is_named(api: Api) -> None:
    reply = api.get("/api/health/")
    assert (reply.status_code, reply.json()["jobs"], reply.json()["failing"]) == (503, "disconnected", ["jobs"])
    assert api.get("/readyz").status_code == 200
    began = now() - timedelta(hours=1)
    breathe("host:1", "worker", started_at=began)
    assert api.get("/api/health/").json()["jobs"] == "connected"
    with clock.frozen(now() + timedelta(seconds=59)):
        assert api.get("/api/health/").status_code == 200
    with clock.frozen(now() + timedelta(seconds=62)):
        assert api.get("/api/health/").json()["failing"] == ["jobs"]


@pytest.mark.usefixtures("an_hour_old")
def test_a_worker_that_ended_in_good_order_has_a_minute_to_come_back(api: Api) -> None:
    breathe("host:1", "worker", started_at=now(), is_over=True)
    assert api.get("/api/health/").status_code == 200
    with clock.frozen(now() + timedelta(seconds=62)):
        assert api.get("/api/health/").status_code == 503


@pytest.mark.usefixtures("an_hour_old")
def test_duties_that_nobody_sees_to_are_named_though_workers_live(api: Api) -> None:
    run_ticks()
    with clock.frozen(now() + timedelta(hours=2)):
        breathe("host:1", "celery", started_at=now())
        assert api.get("/api/health/").json()["failing"] == ["jobs"]


def test_a_reader_of_the_log_that_is_far_behind_is_named(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    publish()
    with override_settings(CONSUMERS={"tests.late": "tests.nowhere"}):
        Consumer.objects.create(name="tests.late", seq=0, moved_at=now())
        with clock.frozen(now() + timedelta(seconds=299)):
            assert api.get("/api/health/").status_code == 200
        with clock.frozen(now() + timedelta(seconds=302)):
            reply = api.get("/api/health/")
        assert (reply.status_code, reply.json()["events"], reply.json()["failing"]) == (503, "behind", ["events"])
        with override_settings(EVENTS_LAG_LIMIT=600), clock.frozen(now() + timedelta(seconds=302)):
            assert api.get("/api/health/").status_code == 200


def test_events_that_nobody_numbers_are_named(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    publish()
    last = LogRow.objects.filter(seq__isnull=False).order_by("-seq").first()
    assert last is not None
    LogRow.objects.filter(pk=last.pk).update(seq=None)
    with clock.frozen(now() + timedelta(seconds=302)):
        assert api.get("/api/health/").json()["failing"] == ["events"]

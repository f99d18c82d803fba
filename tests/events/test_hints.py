import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import override_settings

from tests.core.redis_servers import free_ports, needs_redis_server, redis_server, until
from workloom.core.actor import SYSTEM
from workloom.core.ids import uuid7
from workloom.events.consumers import EventSkipped
from workloom.events.hints import Listener, tell
from workloom.events.publish import publish
from workloom.events.record import record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    assert made.wait(1)  # to look once, for nobody told what happened before
    yield made
    made.close()


def happen() -> None:
    """Commit one event on a connection of its own, as another process would."""

    def work() -> None:
        with transaction.atomic():
            record(EventSkipped(object_id=uuid7()), actor=SYSTEM)
        publish()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.sqlite
def test_a_commit_elsewhere_is_a_hint_on_sqlite(listener: Listener) -> None:
    wakes_once(listener)


@pytest.mark.postgres
def test_a_publication_is_a_hint_on_postgresql(listener: Listener) -> None:
    wakes_once(listener)


def wakes_once(listener: Listener) -> None:
    assert not listener.wait(0.05)
    happen()
    assert listener.wait(5)
    assert not listener.wait(0.05)


@pytest.mark.mysql
def test_without_redis_mariadb_has_its_readers_look_often(listener: Listener) -> None:
    assert listener.wait(5)


@pytest.mark.postgres
def test_a_cut_connection_is_made_anew(listener: Listener) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN workloom_hints'")
    assert not listener.wait(5)
    assert listener.wait(5)  # so have a look by yourself
    until(lambda: not listener.wait(0.05), seconds=10)
    wakes_once(listener)


@needs_redis_server
def test_redis_carries_hints_and_may_come_and_go(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with override_settings(REDIS_URL=f"redis://127.0.0.1:{port}/0"):
        listener = Listener()
        with redis_server(tmp_path / "first", {"port": str(port), "save": '""'}):
            until(lambda: listener.wait(1), seconds=10)
            listens(listener)
            wakes_once(listener)
        happen()  # without Redis the writer neither waits nor fails
        tell()
        assert not listener.wait(0.2)
        assert listener.wait(5)  # cut off: have a look each second
        with redis_server(tmp_path / "second", {"port": str(port), "save": '""'}):
            until(lambda: listener._source is not None or not listener.wait(1), seconds=10)
            listens(listener)
        listener.close()


def listens(listener: Listener) -> None:
    """Hints go by Redis, until the teller's silence after a failure is over."""

    def heard() -> bool:
        tell()
        return listener.wait(0.2)

    until(heard, seconds=10)
    while listener.wait(0.05):
        pass

"""Nothing happens for a long time, then something does: `SILENCE_SECONDS=60` for as long as connections are cut elsewhere."""

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.test import override_settings

from tests.cast import Cast
from tests.core.redis_servers import free_ports, needs_redis_server, redis_server, until
from tests.outlets.realtime.listening import Listening
from tests.work.tasks.making import make_task
from workloom.events.hints import Listener, tell

SILENCE_S = float(os.environ.get("SILENCE_SECONDS", "0.2"))
pytestmark = [pytest.mark.django_db(transaction=True), needs_redis_server]


@pytest.fixture
def by_redis(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    (port,) = free_ports(1)
    with (
        redis_server(tmp_path / "redis", {"port": str(port), "save": '""'}),
        override_settings(REDIS_URL=f"redis://127.0.0.1:{port}/0"),
    ):
        with redis.Redis(port=port, socket_timeout=1) as asked:
            until(asked.ping, seconds=20)
        yield f"redis://127.0.0.1:{port}/0"


def test_who_listens_to_redis_waits_without_an_end(by_redis: str) -> None:
    listener = Listener()
    until(lambda: listener.wait(1), seconds=10)
    source = listener._source
    assert source is not None
    kept = source._client.connection_pool.connection_kwargs  # type: ignore[attr-defined] # of the one that uses Redis
    assert kept["socket_timeout"] is None
    threading.Event().wait(SILENCE_S)
    assert not listener.wait(0.05)
    tell()
    assert listener.wait(10)
    assert listener._source is source
    listener.close()


def test_a_socket_lives_through_silence(
    by_redis: str, transactional_cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    cast = transactional_cast
    house = Listening()
    try:
        socket, stream = house.joined(cast.member), house.stream(cast.member)
        stream.part()
        stream.part()
        with caplog.at_level(logging.WARNING, logger="workloom"):
            threading.Event().wait(SILENCE_S)
        make_task(cast.project, cast.admin, "News")
        assert socket.next()["task"]["title"] == "News"
        while (part := stream.part()).startswith(": heartbeat"):
            pass
        assert "News" in part
        assert [record.message for record in caplog.records if record.name == "workloom.hints"] == []
    finally:
        house.close()

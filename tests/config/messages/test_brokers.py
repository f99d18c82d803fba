import runpy
import ssl
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import pytest
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.transport.redis import Channel

from tests.core.redis_servers import (
    QUOTED,
    data_options,
    needs_redis_server,
    redis_server,
    until,
    watched_redis,
)
from workloom.config.messages.brokers import Broker, broker_at, give_nothing_back
from workloom.config.settings.places import PACKAGE_DIR
from workloom.config.settings.readers import SettingError

client: Any = Connection  # the library types only a part
queue_at: Any = Queue


@pytest.mark.parametrize(
    ("url", "transport", "host", "where", "password"),
    [
        ("redis://:p%40ss@cache:6390/3?socket_timeout=9", "redis", "cache", "3", "p@ss"),
        ("rediss://me:p@cache/0", "rediss", "cache", "0", "p"),
        ("amqp://me:p%2Fs@broker:5673/tasks", "amqp", "broker", "tasks", "p/s"),
        ("amqps://me:p@broker/tasks", "amqps", "broker", "tasks", "p"),
    ],
)
def test_an_address_means_the_same_to_celery(url: str, transport: str, host: str, where: str, password: str) -> None:
    broker = broker_at(url)
    made = client(broker.url)
    assert (made.transport_cls, made.hostname, made.virtual_host, made.password) == (transport, host, where, password)


def test_certificates_are_checked() -> None:
    assert broker_at("rediss://cache/0").secure == {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    secure = broker_at("amqps://broker.internal/x").secure
    assert secure == {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": "broker.internal"}
    assert broker_at("redis://cache/0").secure is None


def test_a_socket_is_named_in_celerys_words() -> None:
    broker = broker_at("unix:///run/redis/redis.sock?db=2&password=p%40ss")
    assert broker.url == "redis+socket://:p%40ss@/run/redis/redis.sock?virtual_host=2"


def test_sentinels_are_named_one_by_one_with_the_service_apart() -> None:
    broker = broker_at("redis+sentinel://me:p%40ss@one,two:26380/tasks/4?sentinel_password=s")
    assert broker.url == "sentinel://me:p%40ss@one:26379/4;sentinel://me:p%40ss@two:26380/4"
    assert broker.options["master_name"] == "tasks"
    assert broker.options["sentinel_kwargs"]["password"] == "s"


def celery_reaches(url: str) -> bool:
    """Whether Celery's client takes the address, signs in and finds the right database of a real server."""
    broker = broker_at(url)
    with client(broker.url, transport_options=broker.options, ssl=broker.secure or False) as connection:
        channel = connection.channel()
        number = channel.client.connection_pool.connection_kwargs["db"]
        return bool(channel.client.set("reached", "1")) and number == 1


@needs_redis_server
def test_celery_signs_in_by_a_socket(tmp_path: Path) -> None:
    path = tmp_path / "redis.sock"
    options = data_options(0) | {"unixsocket": str(path)}
    with redis_server(tmp_path / "server", options):
        until(path.exists, seconds=10)
        assert celery_reaches(f"unix://{path}?db=1&password={QUOTED}")


@needs_redis_server
def test_celery_finds_the_master_that_sentinels_name(tmp_path: Path) -> None:
    with watched_redis(tmp_path) as watched:
        assert celery_reaches(watched.url)


def test_without_the_package_the_start_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    find = PathFinder.find_spec
    monkeypatch.setenv("JOBS", "celery")
    monkeypatch.setenv("REDIS_URL", "redis://cache/0")
    monkeypatch.delitem(sys.modules, "celery", raising=False)
    monkeypatch.setattr(PathFinder, "find_spec", lambda name, *rest: None if name == "celery" else find(name, *rest))
    with pytest.raises(
        SettingError, match=r"needs the Python package celery, which is missing. Install workloom\[celery\]"
    ):
        runpy.run_path(str(PACKAGE_DIR / "config" / "settings" / "serving.py"))


def test_celery_is_woken_where_celery_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://cache/0")
    monkeypatch.setenv("JOBS", "Celery")
    found = runpy.run_path(str(PACKAGE_DIR / "config" / "settings" / "serving.py"))
    assert (found["JOBS"], found["WAKER"]) == ("celery", "workloom.config.messages.waking.wake")
    monkeypatch.setenv("JOBS", "off")
    assert runpy.run_path(str(PACKAGE_DIR / "config" / "settings" / "serving.py"))["WAKER"] == ""


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A Redis of its own; what is changed of its client is undone."""
    monkeypatch.setattr("kombu.transport.redis.Channel.do_restore", True)
    monkeypatch.setattr("kombu.transport.redis.Channel.basic_ack", Channel.basic_ack)
    path = tmp_path / "redis.sock"
    with redis_server(tmp_path / "server", data_options(0) | {"unixsocket": str(path)}):
        until(path.exists, seconds=10)
        yield broker_at(f"unix://{path}?db=1&password={QUOTED}")


def queue_with(connection: Any, *words: str) -> Any:
    queue = queue_at("wake-ups")(connection.default_channel)
    queue.declare()
    for word in words:
        connection.Producer(connection.default_channel).publish(word, routing_key=queue.name)
    return queue


@needs_redis_server
@pytest.mark.parametrize("is_kept", [True, False])
def test_what_a_worker_has_not_acknowledged_is_not_given_back(broker: Broker, *, is_kept: bool) -> None:
    """With a Redis that has just died, giving it back would end the worker; the tests of faults kill it."""
    if is_kept:
        give_nothing_back()
    with client(broker.url, transport_options=broker.options) as connection:
        assert queue_with(connection, "look").get() is not None
    with client(broker.url, transport_options=broker.options) as connection:
        found = queue_at("wake-ups")(connection.default_channel).get(no_ack=True)
    assert (found is None) == is_kept


@needs_redis_server
def test_nothing_is_acknowledged_on_a_connection_that_was_given_up(broker: Broker) -> None:
    """A worker that comes back from a dead Redis still holds messages of the old connection."""
    give_nothing_back()
    with client(broker.url, transport_options=broker.options) as connection:
        queue = queue_with(connection, "look", "look again")
        seen, late = queue.get(), queue.get()
        seen.ack()
        assert seen.acknowledged
    late.ack()
    assert late.acknowledged

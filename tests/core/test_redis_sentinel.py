"""Cache and limits by a master that a real Sentinel watches, and by none at all."""

import runpy
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.core.cache import cache
from django.test import override_settings

from tests.api import Api
from tests.core.redis_servers import (
    PASSWORD,
    QUOTED,
    Watched,
    data_options,
    free_ports,
    needs_redis_server,
    redis_server,
    until,
    watched_redis,
)
from workloom.config.settings.places import PACKAGE_DIR
from workloom.core import limits
from workloom.core.limit_stores import Hit, RedisStore
from workloom.core.redis_cache import shared_client
from workloom.core.redis_clients import redis_client

pytestmark = needs_redis_server


@contextmanager
def installed(url: str) -> Iterator[RedisStore]:
    """What REDIS_URL makes of cache and limits when the server starts with it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REDIS_URL", url)
        found: dict[str, Any] = runpy.run_path(str(PACKAGE_DIR / "config" / "settings" / "cache.py"))
    store = RedisStore(found["REDIS_URL"])
    with override_settings(CACHES=found["CACHES"]), limits.using(store):
        yield store
        shared_client(url).close()
        shared_client.cache_clear()


def takes(store: RedisStore, bucket: str) -> int:
    [count] = store.take([Hit(bucket, 1, 60)], int(time.time() * 1000))
    return count.count


def works(store: RedisStore) -> bool:
    """Both write, which only a master lets them, and read what was written."""
    bucket = str(uuid4())
    cache.set(bucket, ["kept"], timeout=60)
    return [takes(store, bucket), takes(store, bucket)] == [1, 2] and cache.get(bucket) == ["kept"]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Shared: a test that kills starts its own."""
    with watched_redis(tmp_path_factory.mktemp("watched")) as started:
        yield started


@pytest.mark.slow
def test_cache_and_limits_go_through_sentinel_to_the_master(watched: Watched) -> None:
    with installed(watched.url) as store:
        assert works(store)
        cache.set("whole", 7, timeout=None)
        assert cache.incr("whole") == 8
        cache.set_many({"one": 1, "two": "2"})
        assert cache.get_many(["one", "two", "three"]) == {"one": 1, "two": "2"}
    with watched.asked("master") as master:
        assert master.info("keyspace")["db1"]["keys"] >= 4
        assert "db0" not in master.info("keyspace")


@pytest.mark.slow
def test_health_is_asked_through_sentinel(watched: Watched, api: Api) -> None:
    with installed(watched.url):
        assert api.get("/api/health/").json()["cache"] == "connected"


@pytest.mark.slow
def test_a_client_that_listens_is_not_cut_off_by_a_timeout(watched: Watched) -> None:
    with redis_client(watched.url, timeout_s=None) as client, client.pubsub() as heard:
        heard.subscribe("hints")
        assert heard.connection is not None
        assert heard.connection.socket_timeout is None
    with redis_client(watched.url, timeout_s=1) as client:
        options = client.connection_pool.connection_kwargs
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (1, 1)
    assert options["health_check_interval"] == 30


@pytest.mark.slow
def test_a_service_that_the_sentinels_do_not_watch_is_named(watched: Watched) -> None:
    with (
        redis_client(watched.url.replace("/tasks/", "/other/"), timeout_s=1) as client,
        pytest.raises(redis.ConnectionError, match="No master found for 'other'"),
    ):
        client.ping()


@pytest.mark.slow
def test_when_the_master_dies_both_go_on_with_the_next(tmp_path: Path) -> None:
    with watched_redis(tmp_path) as own, installed(own.url) as store, redis_client(own.url, timeout_s=1) as seen:

        def count_together() -> int:
            limits.hit_exactly("after", limit=1000, window_s=60)
            return int(seen.exists("workloom:limit:after"))

        assert works(store)
        cache.set("before", "still here", timeout=60)
        assert takes(store, "before") == 1
        with own.asked("master") as master:
            until(lambda: master.wait(1, 100), seconds=10)
        own.kill("master")
        verdicts = [limits.hit_exactly("meanwhile", limit=1, window_s=60) for _ in range(2)]
        assert [verdict.allowed for verdict in verdicts] == [True, False]
        until(lambda: works(store), seconds=20)
        until(count_together, seconds=10)
        assert cache.get("before") == "still here"
        assert takes(store, "before") == 2
        with own.asked("replica") as replica:
            assert replica.role()[0] == "master"


@pytest.mark.slow
def test_a_master_that_steps_down_is_left_without_an_error(tmp_path: Path) -> None:
    with watched_redis(tmp_path) as own, installed(own.url) as store:
        assert works(store)
        with own.asked("sentinel") as sentinel, own.asked("replica") as replica:
            until(lambda: sentinel.execute_command("SENTINEL FAILOVER", "tasks"), seconds=10)
            until(lambda: replica.role()[0] == "master", seconds=20)
            until(lambda: sentinel.sentinel_get_master_addr_by_name("tasks")[1] == own.ports["replica"], seconds=20)
        assert works(store)


@pytest.mark.slow
def test_with_all_of_redis_gone_limits_count_here_and_health_names_the_cache(
    tmp_path: Path, api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with watched_redis(tmp_path) as own, installed(own.url) as store:
        assert works(store)
        for name in ("sentinel", "replica", "master"):
            own.kill(name)
        began = time.monotonic()
        noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
        verdicts = [limits.hit_exactly("gone", limit=2, window_s=60, at=noon) for _ in range(3)]
        reply = api.get("/api/health/")
        took = time.monotonic() - began
    assert [verdict.allowed for verdict in verdicts] == [True, True, False]
    assert (reply.status_code, reply.json()["failing"]) == (503, ["cache"])
    assert took < 5
    assert PASSWORD not in caplog.text
    assert QUOTED not in caplog.text


@pytest.mark.parametrize("scheme", ["redis", "unix"])
def test_one_server_is_reached_by_port_and_by_socket(tmp_path: Path, scheme: str) -> None:
    [port] = free_ports(1)
    with ExitStack() as started:
        path = tmp_path / "redis.sock"
        options = data_options(port) | {"unixsocket": str(path)}
        started.enter_context(redis_server(tmp_path / "one", options))
        urls = {"redis": f"redis://:{QUOTED}@127.0.0.1:{port}/1", "unix": f"unix://:{QUOTED}@{path}?db=1"}
        store = started.enter_context(installed(urls[scheme]))
        until(lambda: works(store), seconds=10)

"""Limits in every store that this machine has: the process, a file, the database at hand, Redis where it answers."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.db import connection, transaction

from tests.machine import in_ci
from workloom.core import limits
from workloom.core.limit_stores import Count, DatabaseStore, FileStore, Hit, ProcessStore, RedisStore, Store
from workloom.core.models import LimitCount

REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOON_MS = int(NOON.timestamp() * 1000)


def _redis_answers() -> bool:
    with redis.Redis.from_url(REDIS_URL, socket_connect_timeout=0.5) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


STORES: dict[str, Callable[[Path], Store]] = {
    "process": lambda _: ProcessStore(),
    "file": lambda folder: FileStore(str(folder / "limits.sqlite3")),
}
if connection.vendor != "sqlite":
    STORES["database"] = lambda _: DatabaseStore()
BY_OUR_CLOCK = list(STORES)
HAS_REDIS = in_ci() or _redis_answers()
if HAS_REDIS:
    STORES["redis"] = lambda _: RedisStore(REDIS_URL)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, transactional_db: None) -> Iterator[Store]:
    made = STORES[request.param](tmp_path)
    with limits.using(made):
        yield made


@pytest.fixture
def bucket() -> str:
    return f"test:{uuid4()}"


def test_as_many_pass_as_the_limit_allows(store: Store, bucket: str) -> None:
    verdicts = [limits.hit_exactly(bucket, limit=3, window_s=60, at=NOON) for _ in range(5)]
    assert [verdict.allowed for verdict in verdicts] == [True, True, True, False, False]
    assert [verdict.remaining for verdict in verdicts] == [2, 1, 0, 0, 0]
    assert all(59 <= verdict.reset_s <= 60 for verdict in verdicts)


def test_buckets_do_not_share(store: Store, bucket: str) -> None:
    limits.hit_exactly(bucket, limit=1, window_s=60, at=NOON)
    assert limits.hit_exactly(f"{bucket}:other", limit=1, window_s=60, at=NOON).allowed


def test_cost_0_asks_and_does_not_count(store: Store, bucket: str) -> None:
    assert limits.hit_exactly(bucket, limit=1, window_s=60, cost=0, at=NOON).remaining == 1
    assert limits.hit_exactly(bucket, limit=1, window_s=60, at=NOON).allowed
    assert limits.hit_exactly(bucket, limit=1, window_s=60, cost=0, at=NOON).remaining == 0


def test_a_success_starts_afresh(store: Store, bucket: str) -> None:
    limits.hit_exactly(bucket, limit=1, window_s=60, at=NOON)
    limits.forget(bucket)
    assert limits.hit_exactly(bucket, limit=1, window_s=60, at=NOON).allowed


def test_of_concurrent_hits_exactly_the_limit_passes(store: Store, bucket: str) -> None:
    start = threading.Barrier(8)

    def many() -> int:
        start.wait()
        return sum(limits.hit_exactly(bucket, limit=50, window_s=60, at=NOON).allowed for _ in range(20))

    with ThreadPoolExecutor(8) as pool:
        passed = [pool.submit(many) for _ in range(8)]
    assert sum(done.result() for done in passed) == 50


def test_a_count_survives_the_rollback_of_the_request(store: Store, bucket: str) -> None:
    with transaction.atomic():
        LimitCount.objects.create(bucket="written by the request", count=1, ends_at=1)
        limits.hit_exactly(bucket, limit=1, window_s=60, at=NOON)
        transaction.set_rollback(True)
    assert not LimitCount.objects.filter(bucket="written by the request").exists()
    assert not limits.hit_exactly(bucket, limit=1, window_s=60, at=NOON).allowed


def test_two_processes_see_the_same_count(tmp_path: Path, bucket: str, transactional_db: None) -> None:
    for name in set(BY_OUR_CLOCK) - {"process"}:
        one, other = STORES[name](tmp_path), STORES[name](tmp_path)
        assert one.take([Hit(bucket, 2, 60)], NOON_MS) == [Count(2, NOON_MS + 60_000)]
        assert other.take([Hit(bucket, 1, 60)], NOON_MS + 5) == [Count(3, NOON_MS + 60_000)]
        one.close()
        other.close()


def test_several_hits_come_back_in_their_order(store: Store, bucket: str) -> None:
    hits = [Hit(f"{bucket}:{name}", cost, 60) for name, cost in (("b", 2), ("a", 1), ("c", 3))]
    assert [count.count for count in store.take(hits, NOON_MS)] == [2, 1, 3]
    assert [count.count for count in store.take(hits[::-1], NOON_MS)] == [6, 2, 4]


@pytest.mark.parametrize("store", BY_OUR_CLOCK, indirect=True)
def test_a_window_ends_and_another_begins(store: Store, bucket: str) -> None:
    limits.hit_exactly(bucket, limit=1, window_s=60, at=NOON)
    assert not limits.hit_exactly(bucket, limit=1, window_s=60, at=NOON + timedelta(seconds=59)).allowed
    later = limits.hit_exactly(bucket, limit=1, window_s=60, at=NOON + timedelta(seconds=60))
    assert (later.allowed, later.reset_s) == (True, 60)


@pytest.mark.parametrize("store", BY_OUR_CLOCK, indirect=True)
def test_sweeping_drops_what_has_ended(store: Store, bucket: str) -> None:
    store.take([Hit(bucket, 5, 60), Hit(f"{bucket}:long", 5, 3600)], NOON_MS)
    store.sweep(NOON_MS + 60_000)
    assert [count.count for count in store.take([Hit(bucket, 0, 60), Hit(f"{bucket}:long", 0, 60)], NOON_MS)] == [0, 5]


@pytest.mark.skipif(not HAS_REDIS, reason="no Redis answers at TEST_REDIS_URL (with CI=true this would fail)")
def test_redis_ends_windows_by_itself(bucket: str) -> None:
    made = RedisStore(REDIS_URL)
    made.take([Hit(bucket, 1, 60)], NOON_MS)
    with redis.Redis.from_url(REDIS_URL) as client:
        assert 0 < client.pttl(f"workloom:limit:{bucket}") <= 60_000
    made.forget(bucket)
    made.close()


def test_loose_counting_asks_no_store_and_refuses_past_the_limit(bucket: str) -> None:
    with limits.using(_Broken()):
        verdicts = [limits.hit(bucket, limit=2, window_s=3600, at=NOON) for _ in range(3)]
    assert [(verdict.allowed, verdict.remaining) for verdict in verdicts] == [(True, 1), (True, 0), (False, 0)]
    assert verdicts[2].reset_s == 3600


def test_a_refused_hit_is_not_counted_and_a_smaller_one_may_pass(bucket: str) -> None:
    with limits.using(ProcessStore()):
        limits.hit(bucket, limit=10, window_s=60, cost=8, at=NOON)
        refused = limits.hit(bucket, limit=10, window_s=60, cost=3, at=NOON)
        assert (refused.allowed, refused.remaining) == (False, 2)
        assert limits.hit(bucket, limit=10, window_s=60, cost=2, at=NOON).allowed


def test_a_loose_window_ends(bucket: str) -> None:
    with limits.using(ProcessStore()):
        limits.hit(bucket, limit=1, window_s=60, at=NOON)
        assert not limits.hit(bucket, limit=1, window_s=60, at=NOON + timedelta(seconds=59)).allowed
        assert limits.hit(bucket, limit=1, window_s=60, at=NOON + timedelta(seconds=60)).allowed


def test_processes_learn_of_each_other_when_they_settle(store: Store, bucket: str) -> None:
    for _ in range(3):
        limits.hit(bucket, limit=10, window_s=3600, at=NOON)
    limits.settle(NOON)
    assert [count.count for count in store.take([Hit(bucket, 4, 3600)], NOON_MS)] == [7]
    assert limits.hit(bucket, limit=10, window_s=3600, at=NOON).remaining == 6
    limits.settle(NOON)
    assert limits.hit(bucket, limit=10, window_s=3600, at=NOON).remaining == 1
    limits.settle(NOON)
    assert [count.count for count in store.take([Hit(bucket, 0, 3600)], NOON_MS)] == [9]


class _Broken:
    failures: tuple[type[Exception], ...] = (sqlite3.Error,)
    is_shared = True

    def take(self, hits: Any, at: int) -> list[Count]:
        raise sqlite3.OperationalError("no such file")

    def forget(self, bucket: str) -> None:
        raise sqlite3.OperationalError("no such file")

    def sweep(self, at: int) -> None:
        raise sqlite3.OperationalError("no such file")

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("lost", [_Broken, lambda: RedisStore("redis://127.0.0.1:1/0")], ids=["file", "redis"])
def test_a_lost_store_breaks_nothing_and_is_told_once(
    lost: Callable[[], Store], bucket: str, caplog: pytest.LogCaptureFixture
) -> None:
    with limits.using(lost()):
        verdicts = [limits.hit_exactly(bucket, limit=2, window_s=60, at=NOON) for _ in range(3)]
        limits.hit(bucket, limit=2, window_s=60, at=NOON)
        limits.settle(NOON)
        limits.forget(bucket)
        assert limits.hit_exactly(bucket, limit=2, window_s=60, at=NOON).allowed
    assert [verdict.allowed for verdict in verdicts] == [True, True, False]
    assert [record.message.split(";")[0] for record in caplog.records] == ["The store of limits does not answer"]


def test_a_flood_of_buckets_takes_bounded_memory() -> None:
    store = ProcessStore()
    for start in range(0, 300_000, 1000):
        store.take([Hit(f"{start + at}", 1, 60) for at in range(1000)], NOON_MS)
    assert len(store._counts) <= 102_000


class _Noted(ProcessStore):
    is_shared = True

    def __init__(self) -> None:
        super().__init__()
        self.told = threading.Event()

    def take(self, hits: Sequence[Hit], at: int) -> list[Count]:
        self.told.set()
        return super().take(hits, at)


def test_a_process_settles_by_itself(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, here = _Noted(), limits._Installation()
    monkeypatch.setattr(limits, "_installed_store", lambda: store)
    monkeypatch.setattr(limits, "_SETTLE_S", 0.001)
    counter = here.current()
    counter.hit(Hit(bucket, 1, 60), 10, int(time.time() * 1000))
    assert store.told.wait(10)
    counter.stopped.set()
    assert here.current() is counter
    here.start_afresh()
    assert here.counter is None


def test_the_installation_chooses_the_store(settings: Any) -> None:
    settings.REDIS_URL = ""
    assert isinstance(limits._installed_store(), FileStore if connection.vendor == "sqlite" else DatabaseStore)
    settings.REDIS_URL = REDIS_URL
    chosen = limits._installed_store()
    assert isinstance(chosen, RedisStore)
    chosen.close()

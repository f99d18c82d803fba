"""Counting against limits: loosely, for hourly ones, and exactly, for what can be guessed.

`hit` costs no input or output: it counts in the process, and a thread settles with the shared store each second, so
that processes know of each other with a second's delay. `hit_exactly` asks the store each time. Neither ever fails:
while the store does not answer, the process counts by itself.
"""

import itertools
import logging
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from workloom.core import clock
from workloom.core.limit_stores import Count, DatabaseStore, FileStore, Hit, ProcessStore, RedisStore, Store

logger = logging.getLogger("workloom.limits")

_SETTLE_S = 1.0
_SWEEP_EVERY = 600
_RETRY_S = 5.0
_MOST_TALLIES = 100_000
_SAME_WINDOW_MS = 2000
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a hit is within its limit, and what is left until when."""

    allowed: bool
    limit: int
    window_s: int
    remaining: int
    reset_s: int


def hit(bucket: str, *, limit: int, window_s: int, cost: int = 1, at: datetime | None = None) -> Verdict:
    """Count loosely; a refused hit is not counted."""
    return _here.current().hit(Hit(bucket, cost, window_s), limit, _milliseconds(at))


def hit_exactly(bucket: str, *, limit: int, window_s: int, cost: int = 1, at: datetime | None = None) -> Verdict:
    """Count in the shared store, outside of the request's transaction: of concurrent hits no more than `limit` pass.

    Cost 0 asks without counting.
    """
    moment = _milliseconds(at)
    [count] = _here.current().store.take([Hit(bucket, cost, window_s)], moment)
    return _verdict(count, limit, window_s, moment, allowed=count.count <= limit)


def forget(bucket: str) -> None:
    """Start afresh, as after a sign-in that succeeded."""
    _here.current().forget(bucket)


def settle(at: datetime | None = None) -> None:
    """Exchange what was counted loosely with the shared store; otherwise done by a thread each second."""
    _here.current().settle(_milliseconds(at))


@contextmanager
def using(store: Store) -> Iterator[None]:
    """Count from zero in another store inside the block, without the thread; for tests."""
    kept, _here.counter = _here.counter, _Counter(store)
    try:
        yield
    finally:
        store.close()
        _here.counter = kept


class _Guarded:
    """A store that never fails: for some seconds after each failure a count of this process stands in."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stand_in = ProcessStore()
        self._retry_at = 0.0
        self.is_shared = store.is_shared

    def take(self, hits: list[Hit], at: int) -> list[Count]:
        if self._may_try():
            try:
                counts = self._store.take(hits, at)
            except self._store.failures as error:
                self._note_failure(error)
            else:
                self._note_success()
                return counts
        return self._stand_in.take(hits, at)

    def forget(self, bucket: str) -> None:
        self._stand_in.forget(bucket)
        self._try(lambda: self._store.forget(bucket))

    def sweep(self, at: int) -> None:
        self._stand_in.sweep(at)
        self._try(lambda: self._store.sweep(at))

    def close(self) -> None:
        self._store.close()

    def _try(self, work: Callable[[], None]) -> None:
        if self._may_try():
            try:
                work()
            except self._store.failures as error:
                self._note_failure(error)

    def _may_try(self) -> bool:
        return time.monotonic() >= self._retry_at

    def _note_failure(self, error: Exception) -> None:
        if not self._retry_at:
            logger.warning("The store of limits does not answer; each process counts by itself: %s", error)
        self._retry_at = time.monotonic() + _RETRY_S

    def _note_success(self) -> None:
        if self._retry_at:
            self._retry_at = 0.0
            logger.info("The store of limits answers again.")


@dataclass(slots=True)
class _Tally:
    """What this process knows of a bucket; `pending` is the part that the store has not been told."""

    window_s: int
    ends_at: int
    count: int = 0
    pending: int = 0


class _Counter:
    def __init__(self, store: Store) -> None:
        self.store = _Guarded(store)
        self.stopped = threading.Event()
        self._tallies: dict[str, _Tally] = {}
        self._lock = threading.Lock()

    def hit(self, hit: Hit, limit: int, at: int) -> Verdict:
        with self._lock:
            tally = self._tallies.get(hit.bucket)
            if tally is None or tally.ends_at <= at:
                tally = self._new_tally(hit, at)
            allowed = tally.count + hit.cost <= limit
            if allowed:
                tally.count += hit.cost
                tally.pending += hit.cost
            count = Count(tally.count, tally.ends_at)
        return _verdict(count, limit, hit.window_s, at, allowed=allowed)

    def forget(self, bucket: str) -> None:
        with self._lock:
            self._tallies.pop(bucket, None)
        self.store.forget(bucket)

    def settle(self, at: int) -> None:
        with self._lock:
            self._tallies = {bucket: tally for bucket, tally in self._tallies.items() if tally.ends_at > at}
            told = {bucket: tally for bucket, tally in self._tallies.items() if tally.pending}
            hits = [Hit(bucket, tally.pending, tally.window_s) for bucket, tally in told.items()]
            for tally in told.values():
                tally.pending = 0
        for start in range(0, len(hits), _BATCH):
            batch = hits[start : start + _BATCH]
            for hit, count in zip(batch, self.store.take(batch, at), strict=True):
                self._learn(told[hit.bucket], count)

    def _new_tally(self, hit: Hit, at: int) -> _Tally:
        if len(self._tallies) >= _MOST_TALLIES:
            self._tallies = dict(list(self._tallies.items())[_MOST_TALLIES // 2 :])
        self._tallies[hit.bucket] = tally = _Tally(hit.window_s, at + hit.window_s * 1000)
        return tally

    def _learn(self, tally: _Tally, shared: Count) -> None:
        """Take over what others have counted; never less than was known, unless the store is in a later window."""
        with self._lock:
            known = 0 if shared.ends_at > tally.ends_at + _SAME_WINDOW_MS else tally.count
            tally.count = max(known, shared.count + tally.pending)
            tally.ends_at = shared.ends_at


def _verdict(count: Count, limit: int, window_s: int, at: int, *, allowed: bool) -> Verdict:
    reset_s = max(math.ceil((count.ends_at - at) / 1000), 0)
    return Verdict(allowed, limit, window_s, max(limit - count.count, 0), reset_s)


def _milliseconds(at: datetime | None) -> int:
    return int((at or clock.now()).timestamp() * 1000)


def _installed_store() -> Store:
    if settings.REDIS_URL:
        return RedisStore(settings.REDIS_URL)
    if connection.vendor != "sqlite":
        return DatabaseStore()
    name = str(connection.settings_dict["NAME"])
    return ProcessStore() if "memory" in name and not name.startswith("/") else FileStore(f"{name}-limits")


def _settle_for_ever(counter: _Counter) -> None:
    for turn in itertools.count(1):
        if counter.stopped.wait(_SETTLE_S):
            return
        counter.settle(_milliseconds(None))
        if turn % _SWEEP_EVERY == 0:
            counter.store.sweep(_milliseconds(None))


class _Installation:
    """The one counter of a process, made at its first hit and anew after a fork."""

    def __init__(self) -> None:
        self.counter: _Counter | None = None
        self._lock = threading.Lock()

    def start_afresh(self) -> None:
        """Leave the parent's connections and a lock that its thread may hold; the child has none of its threads."""
        self.counter = None
        self._lock = threading.Lock()

    def current(self) -> _Counter:
        return self.counter or self._made()

    def _made(self) -> _Counter:
        with self._lock:
            if self.counter is None:
                counter = _Counter(_installed_store())
                if counter.store.is_shared:
                    threading.Thread(target=_settle_for_ever, args=[counter], name="limits", daemon=True).start()
                self.counter = counter
            return self.counter


_here = _Installation()
if hasattr(os, "register_at_fork"):  # Windows does not fork
    os.register_at_fork(after_in_child=_here.start_afresh)

import asyncio
import threading
from collections.abc import Callable

import pytest

from workloom.config.serving.allowance import Clocks, Usage
from workloom.config.serving.threads import KeptThreads

NEVER_S = 3600.0


def done_by(kept: KeptThreads, *works: Callable[[], object]) -> list[int]:
    """Have all of these done at once, and return the threads that did them, in order of the works."""

    async def run() -> list[int]:
        loop = asyncio.get_running_loop()

        def submit(work: Callable[[], object]) -> "asyncio.Future[int]":
            is_done = loop.create_future()

            def do() -> None:
                work()
                loop.call_soon_threadsafe(is_done.set_result, threading.get_ident())

            kept.submit(do)
            return is_done

        async with asyncio.timeout(20):
            return await asyncio.gather(*[submit(work) for work in works])

    return asyncio.run(run())


def nothing() -> None:
    """Be quick."""


def test_one_thread_does_what_is_quick() -> None:
    kept = KeptThreads(4, patience=NEVER_S)
    assert len(set(done_by(kept, *[nothing] * 20))) == 1


class Scripted(Clocks):
    """Clocks on which as much time goes by from look to look as is waited for, with the same share of a core wanted."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.looks = 0
        self.looked = threading.Semaphore(0)
        self._share = share

    def read(self) -> Usage:
        """Go on by 20 ms."""
        self.looks += 1
        self.looked.release()
        return Usage(self.looks * 0.02, self.looks * 0.02 * self._share)


@pytest.mark.parametrize(("share", "looks"), [(0.1, 2), (0.9, 6)])
def test_who_works_keeps_others_waiting_for_longer_than_who_waits(share: float, looks: int) -> None:
    clocks, released, seen = Scripted(share), threading.Event(), list[int]()

    def follow() -> None:
        seen.append(clocks.looks)
        released.set()

    done_by(KeptThreads(2, patience=0.02, clocks=clocks), lambda: released.wait(10), follow)
    assert seen == [looks]


def test_who_gets_things_done_is_not_stuck() -> None:
    """Each work lasts for two looks, short of the longer patience, so no second thread is begun."""
    clocks = Scripted(0.9)
    kept = KeptThreads(4, patience=0.02, clocks=clocks)

    def last() -> None:
        for _ in range(2):
            clocks.looked.acquire(timeout=10)

    assert len(set(done_by(kept, *[last] * 6, nothing))) == 1
    assert clocks.looks > 3


def test_who_is_stuck_keeps_nobody_waiting() -> None:
    released = threading.Event()
    threads = done_by(KeptThreads(2, patience=0.0), lambda: released.wait(10), nothing, released.set)
    assert threads[0] != threads[1] == threads[2]


def test_who_was_stuck_works_again() -> None:
    kept = KeptThreads(2, patience=0.0)
    first, second = threading.Event(), threading.Event()
    done_by(kept, lambda: first.wait(10), first.set)
    threads = done_by(kept, lambda: second.wait(10), second.set)
    assert len(set(threads)) == 2


def test_all_threads_are_used_when_all_are_slow() -> None:
    together = threading.Barrier(3)
    threads = done_by(KeptThreads(3, patience=0.0), *[lambda: together.wait(10)] * 6)
    assert len(set(threads)) == 3


def test_the_same_threads_serve_another_loop() -> None:
    kept = KeptThreads(2, patience=0.0)
    for _ in range(2):
        released = threading.Event()
        threads = done_by(kept, lambda: released.wait(10), nothing, released.set)  # noqa: B023 - it is over when the next one begins
        assert threads[0] != threads[1] == threads[2]


@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit])
def test_a_work_that_fails_costs_no_thread(error: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    kept = KeptThreads(1, patience=NEVER_S)

    def fail() -> None:
        raise error

    async def run() -> list[int]:
        kept.submit(fail)
        loop = asyncio.get_running_loop()
        is_done = loop.create_future()
        kept.submit(lambda: loop.call_soon_threadsafe(is_done.set_result, 1))  # type: ignore[arg-type]
        async with asyncio.timeout(20):
            return [await is_done]

    assert asyncio.run(run()) == [1]
    assert "What a thread did for a request failed" in caplog.text


def test_who_gets_no_thread_waits_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    start, refused = threading.Thread.start, [True, True]

    def refuse(thread: threading.Thread) -> None:
        if thread.name.startswith("request-") and refused:
            refused.pop()
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert len(done_by(KeptThreads(2, patience=0.0), nothing)) == 1
    assert not refused

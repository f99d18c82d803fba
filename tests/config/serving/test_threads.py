import asyncio
import threading
from collections.abc import Callable

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


def test_work_waits_for_the_one_that_leads_before_it_is_overdue() -> None:
    kept = KeptThreads(2, patience=NEVER_S)
    order: list[str] = []
    threads = done_by(kept, lambda: order.append("first"), lambda: order.append("second"))
    assert order == ["first", "second"]
    assert threads[0] == threads[1]

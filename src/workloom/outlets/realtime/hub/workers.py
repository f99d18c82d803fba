"""Threads for what connections ask of the database: they come with the work, and give their connection back when it is over."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
R = TypeVar("R")
Work = Callable[[], None]
_AT_MOST: Final = 2
_IDLE_S: Final = 5.0


class Workers:
    """So many at a time in a process; made after the fork that makes a worker, with the first work."""

    def __init__(self, at_most: int = _AT_MOST, *, idle_s: float = _IDLE_S) -> None:
        self._at_most = at_most
        self._idle_s = idle_s
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._busy = 0

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Carry something out on a thread and return what it returns."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[R] = loop.create_future()

        def carry_out() -> None:
            close_old_connections()
            try:
                result = work(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
                loop.call_soon_threadsafe(_fail, outcome, error)
            else:
                loop.call_soon_threadsafe(_finish, outcome, result)

        self._submit(carry_out)
        return await outcome

    def _submit(self, work: Work) -> None:
        with self._lock:
            self._busy += 1
            self._waiting.put(work)
            if len(self._threads) < min(self._busy, self._at_most):
                thread = threading.Thread(target=self._work, name="live-worker", daemon=True)
                self._threads.add(thread)
                thread.start()

    def _work(self) -> None:
        while True:
            try:
                work = self._waiting.get(timeout=self._idle_s)
            except queue.Empty:
                with self._lock:
                    if not self._waiting.empty():
                        continue
                    self._threads.discard(threading.current_thread())
                break
            if work is None:
                break
            work()
            with self._lock:
                self._busy -= 1
        connections.close_all()

    def close(self) -> None:
        """End the threads and wait for them."""
        with self._lock:
            threads, self._threads = self._threads, set()
        for _ in threads:
            self._waiting.put(None)
        for thread in threads:
            thread.join()


def _finish(outcome: "asyncio.Future[R]", result: R) -> None:
    if not outcome.done():
        outcome.set_result(result)


def _fail(outcome: "asyncio.Future[R]", error: BaseException) -> None:
    if not outcome.done():
        outcome.set_exception(error)

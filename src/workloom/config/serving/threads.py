import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

Work = Callable[[], None]
_PATIENCE_S: Final = 0.01


class KeptThreads:
    """A few threads that live as long as the process, so that each keeps its database connection.

    One of them works while that is quick enough: threads of one interpreter get in each other's way, and short requests
    cost half as much again with four. When work has waited for `patience` seconds, another thread takes the lead, so
    that who is stuck with something slow keeps nobody waiting.
    """

    def __init__(self, count: int, *, patience: float = _PATIENCE_S) -> None:
        self._count = count
        self._patience = patience
        self._lock = threading.Lock()
        self._idle: list[_KeptThread] = []
        self._leader: _KeptThread | None = None  # there is an idle thread whenever nobody leads
        self._waiting: deque[tuple[float, Work]] = deque()
        self._is_started = False
        self._is_watched = False

    def submit(self, work: Work) -> None:
        """Have work done; only the event loop may call this.

        Threads are started with the first work and not before: none survives the fork that makes a worker.
        """
        if not self._is_started:
            self._is_started = True
            self._idle = [_KeptThread(self, number) for number in range(self._count)]
        with self._lock:
            if self._leader is None:
                self._lead(work)
                return
            self._waiting.append((time.monotonic(), work))
        if not self._is_watched:
            self._watch()

    def next_for(self, thread: "_KeptThread") -> Work | None:
        """Return what a thread does that has ended its work: who leads, anything; others, what waited for too long."""
        with self._lock:
            is_leader = thread is self._leader
            if self._waiting and (is_leader or self._is_overdue()):
                return self._waiting.popleft()[1]
            if is_leader:
                self._leader = None
            self._idle.append(thread)
            return None

    def _lead(self, work: Work) -> None:
        self._leader = self._idle.pop()
        self._leader.wake(work)

    def _is_overdue(self) -> bool:
        return time.monotonic() - self._waiting[0][0] >= self._patience

    def _watch(self) -> None:
        self._is_watched = True
        asyncio.get_running_loop().call_later(self._patience, self._look)

    def _look(self) -> None:
        with self._lock:
            if self._waiting and self._idle and self._is_overdue():
                self._lead(self._waiting.popleft()[1])
            is_done = not self._waiting
        if is_done:
            self._is_watched = False
        else:
            self._watch()


class _KeptThread(threading.Thread):
    """Waits for work, and then asks for more until there is none for it."""

    def __init__(self, kept: KeptThreads, number: int) -> None:
        super().__init__(name=f"request-{number}", daemon=True)
        self._kept = kept
        self._work: Work | None = None
        self._woken = threading.Semaphore(0)
        self.start()

    def wake(self, work: Work) -> None:
        """Give work to a thread that is idle."""
        self._work = work
        self._woken.release()

    def run(self) -> None:
        while True:
            self._woken.acquire()
            work, self._work = self._work, None
            while work is not None:
                work()
                work = self._kept.next_for(self)

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from workloom.config.serving.allowance import Allowance, Clocks, Quiet

logger = logging.getLogger("workloom.serving")
Work = Callable[[], None]
_PATIENCE_S: Final = 0.02


class KeptThreads:
    """A few threads that live as long as the process, so that each keeps its database connection.

    As few of them work at a time as are of use. Threads of one interpreter get in each other's way: short requests cost
    half as long again with four. So there is one more only while work waits and the process leaves its core idle, as
    with a database far away. Who is stuck does not count: nothing gets done for `patience` seconds while the process
    waits, or for five times as long while it works.
    """

    def __init__(self, count: int, *, patience: float = _PATIENCE_S, clocks: Clocks | None = None) -> None:
        self._count = count
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: deque[Work] = deque()
        self._idle: list[_KeptThread] = []
        self._working: set[_KeptThread] = set()  # without those that are stuck
        self._started = 0
        self._clocks = clocks or Clocks()
        self._allowance = Allowance(count)
        self._done = self._done_before = 0
        self._quiet = Quiet(patience)
        self._watcher: asyncio.AbstractEventLoop | None = None

    def submit(self, work: Work, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Have work done; without `loop`, only its event loop may call this.

        A thread is started when it is needed: none survives a fork.
        """
        loop = loop or asyncio.get_running_loop()
        with self._lock:
            self._waiting.append(work)
            self._share_out()
            is_unwatched = bool(self._waiting) and self._watcher is not loop
            if is_unwatched:
                self._watcher = loop
        if is_unwatched:
            loop.call_soon_threadsafe(self._watch, loop)

    def next_for(self, thread: "_KeptThread") -> Work | None:
        """Return what a thread does that has ended its work; None when it is not needed any more."""
        with self._lock:
            self._done += 1
            self._working.discard(thread)
            if self._waiting and len(self._working) < self._allowance.now:
                self._working.add(thread)
                return self._waiting.popleft()
            self._idle.append(thread)
            return None

    def _share_out(self) -> None:
        while self._waiting and len(self._working) < self._allowance.now and (thread := self._free()) is not None:
            self._working.add(thread)
            thread.wake(self._waiting.popleft())

    def _free(self) -> "_KeptThread | None":
        if self._idle:
            return self._idle.pop()
        if self._started == self._count:
            return None
        thread = _KeptThread(self, self._started, self._clocks)
        try:
            thread.start()
        except RuntimeError:  # no room for one more: those that are there go on
            logger.exception("A thread for requests could not be started")
            return None
        self._started += 1
        return thread

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look again and again while work waits."""
        usage = self._clocks.read()
        with self._lock:
            self._done_before = self._done
            self._allowance.begin(usage)
            self._quiet.begin(usage)
        loop.call_later(self._patience, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        usage = self._clocks.read()
        with self._lock:
            if not self._waiting:
                self._watcher = None
                return
            if self._done != self._done_before:
                self._done_before = self._done
                self._quiet.begin(usage)
            elif self._quiet.is_stuck(usage):
                self._working.clear()
                self._quiet.begin(usage)
            self._allowance.look(usage)
            self._share_out()
        loop.call_later(self._patience, self._look, loop)


class _KeptThread(threading.Thread):
    """Waits for work, and then asks for more until there is none for it."""

    def __init__(self, kept: KeptThreads, number: int, clocks: Clocks) -> None:
        super().__init__(name=f"request-{number}", daemon=True)
        self._kept = kept
        self._clocks = clocks
        self._work: Work | None = None
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def wake(self, work: Work) -> None:
        """Give work to a thread that is idle."""
        self._work = work
        self._asleep.release()

    def run(self) -> None:
        self._clocks.add_this_thread()
        while True:
            self._asleep.acquire()
            work, self._work = self._work, None
            while work is not None:
                try:
                    work()
                except BaseException:  # nobody is above: a thread that dies would be missing for good
                    logger.exception("What a thread did for a request failed")
                work = self._kept.next_for(self)

import queue
import threading
from collections.abc import Callable

Work = Callable[[], None]


class KeptThreads:
    """A few threads that live as long as the process, so that each keeps its database connection."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._waiting: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._started = False

    def submit(self, work: Work) -> None:
        """Started with the first work and not before: a thread does not survive the fork that makes a worker."""
        if not self._started:
            self._start()
        self._waiting.put(work)

    def _start(self) -> None:
        with self._lock:
            if self._started:
                return
            for number in range(self._count):
                threading.Thread(target=self._run, name=f"request-{number}", daemon=True).start()
            self._started = True

    def _run(self) -> None:
        while True:
            self._waiting.get()()

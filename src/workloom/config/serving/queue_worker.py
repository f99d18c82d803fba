import logging
import multiprocessing
import signal
import threading
from collections.abc import Callable

import django
from django.db import connections

from workloom.config.serving.parent import end_with_parent
from workloom.events.workers import Worker

logger = logging.getLogger("workloom.serving")
_GRACE_S = 0.9
_PAUSE_S = 1
_END_S = 0.6


def _work() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    end_with_parent()
    django.setup()
    Worker("embedded").run(stop, grace_s=_END_S)
    connections.close_all()


class QueueWorker:
    """Works the queue in a process beside the web workers, and again when it dies.

    A thread of the parent would be cheaper, but workers are forked from the parent, and a database driver caught in
    the middle of a call by a fork never comes back.
    """

    def __init__(self, work: Callable[[], None] = _work) -> None:
        self._work = work
        self._stop = threading.Event()
        self._process = self._new()

    def _new(self) -> multiprocessing.Process:
        return multiprocessing.Process(target=self._work, name="workloom-jobs", daemon=True)

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def start(self) -> None:
        self._process.start()
        threading.Thread(target=self._watch, name="jobs-watcher", daemon=True).start()

    def _watch(self) -> None:
        while True:
            self._process.join()
            if self._process.exitcode == 0 or self._stop.wait(_PAUSE_S):
                return
            code = self._process.exitcode
            self._process = self._new()
            self._process.start()
            logger.error("The process that works the queue died with code %s and was started again", code)

    def tell_to_stop(self) -> None:
        self._stop.set()
        self._process.terminate()

    def stop(self) -> None:
        """A job that is cut off here is taken up again when its lease ends."""
        self.tell_to_stop()
        self._process.join(_GRACE_S)
        if self._process.is_alive():
            self._process.kill()

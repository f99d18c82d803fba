import logging
import os
import signal
import threading
from collections.abc import Iterator

import pytest

from workloom.config.serving.queue_worker import QueueWorker, logger


def wait_to_be_told() -> None:
    """Stands for the queue's own loop: it ends when it is told to, and does nothing else."""
    signal.sigwait([signal.SIGTERM])


class Told(logging.Handler):
    """Knows that something was written to the log, without asking again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.any = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        self.any.set()


@pytest.fixture
def told() -> Iterator[Told]:
    handler = Told()
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


@pytest.fixture
def worker() -> Iterator[QueueWorker]:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    each = QueueWorker(wait_to_be_told)
    each.start()
    yield each
    each.stop()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_queue_has_a_worker_again_after_one_died(worker: QueueWorker, told: Told) -> None:
    first = worker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert told.any.wait(20)
    assert told.lines == ["The process that works the queue died with code -9 and was started again"]
    assert worker.pid is not None
    assert worker.pid != first
    assert is_alive(worker.pid)


def test_a_worker_that_was_told_to_end_stays_away(worker: QueueWorker, told: Told) -> None:
    pid = worker.pid
    assert pid is not None
    worker.stop()
    assert not is_alive(pid)
    assert told.lines == []

"""Taking turns at writing SQLite.

By itself SQLite looks for a free file by the clock, ever more rarely: while several processes write, the file lies idle
for much of the time, and one of many may be unlucky for seconds. Here whoever waits is woken.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """One writer at a time, among a process's threads and among all processes; a thread inside its turn may take it again.

    The system ends the turn of a process that dies; one that hangs in its turn keeps all others waiting.
    """

    def __init__(self) -> None:
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def taken(self, database: str) -> Iterator[None]:
        """Write inside the block; `database` is the file's path, beside which the lock lies."""
        with self._threads:
            self._depth += 1
            try:
                if self._depth > 1 or _has_no_path(database) or sys.platform == "win32":
                    yield
                else:
                    with _locked(f"{database}.turn"):
                        yield
            finally:
                self._depth -= 1


@contextmanager
def _locked(path: str) -> Iterator[None]:
    import fcntl  # noqa: PLC0415 - does not exist on Windows

    file = os.open(path, os.O_RDONLY | os.O_CREAT, 0o666)  # to read is enough, where another account has made it
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)  # a process that was forked meanwhile has the file open too
        os.close(file)


def _has_no_path(database: str) -> bool:
    return "memory" in database or database.startswith("file:")

"""Taking turns at writing SQLite.

By itself SQLite looks for a free file by the clock, ever more rarely: while several processes write, the file lies idle
for much of the time, and one of many may be unlucky for seconds. Here whoever waits is woken.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """One writer at a time, among a process's threads and among all processes; a thread inside its turn may take it again.

    The system ends the turn of a process that dies.
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
                if self._depth > 1 or "memory" in database or sys.platform == "win32":
                    yield
                else:
                    with _locked(f"{database}.turn"):
                        yield
            finally:
                self._depth -= 1


@contextmanager
def _locked(path: str) -> Iterator[None]:
    import fcntl  # noqa: PLC0415 - does not exist on Windows

    with open(path, "ab") as file:  # noqa: PTH123 - as quick as it gets, at every write
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)  # a process that was forked meanwhile has the file open too

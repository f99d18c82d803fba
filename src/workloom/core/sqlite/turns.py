"""Taking turns at writing SQLite.

By itself SQLite looks for a free file by the clock, ever more rarely: while several processes write, the file lies idle
for much of the time, and one of many may be unlucky for seconds.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

_LOOK_S = 0.0005
_PATIENCE_S = 20.0


class Turns:
    """One writer at a time among a process's threads, and mostly among all processes; a thread inside its turn may take it again.

    Whoever has waited for twenty seconds goes on: SQLite has the last word on who writes.
    """

    def __init__(self) -> None:
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def taken(self, database: str) -> Iterator[None]:
        """Write inside the block; `database` is the file's path, beside which the processes' own lock lies."""
        with self._threads:
            self._depth += 1
            try:
                if self._depth > 1 or "memory" in database or sys.platform == "win32":
                    yield
                else:
                    with open(f"{database}.turn", "ab") as file:  # noqa: PTH123 - as quick as it gets, at every write
                        _wait_for(file)
                        yield
            finally:
                self._depth -= 1


def _wait_for(file: IO[Any]) -> None:
    """The system lets go when the file is closed, or when the process dies."""
    import fcntl  # noqa: PLC0415 - does not exist on Windows

    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOK_S)
        else:
            return

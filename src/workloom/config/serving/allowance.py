"""How many threads are of use, judged by what they did while work was waiting."""

import os
import time
from dataclasses import dataclass
from typing import Final

_OF_THIS_THREAD: Final = "/proc/thread-self/schedstat"
_WINDOW_S: Final = 0.05
_MUCH, _LITTLE = 0.55, 0.35
"""Of one core: from the first on threads get in each other's way, below the other they mostly wait for somebody else."""
_LONG: Final = 5
_TIMER: Final = 0.9
"""A timer of the event loop may be up to a millisecond early, and then the next look would be the first to count."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Two clocks in seconds: the time, and how much of a core the process has wanted."""

    at: float
    wanted: float

    def share_since(self, before: "Usage") -> float:
        """Return how much of one core the process has wanted meanwhile."""
        return (self.wanted - before.wanted) / max(self.at - before.at, 1e-9)


class Clocks:
    """What the process has wanted of a core: what it has got, and what its threads were ready for while others had it.

    Without the second, a process beside a busy database would look idle, and more threads would only get in the way.
    """

    def __init__(self) -> None:
        self._files: list[int] = []

    def add_this_thread(self) -> None:
        """Count how long the calling thread waits for a core, where the system tells (Linux)."""
        try:
            self._files.append(os.open(_OF_THIS_THREAD, os.O_RDONLY))
        except OSError:  # another system: what the process has got must do
            return

    def read(self) -> Usage:
        """Read the clocks."""
        return Usage(time.monotonic(), time.process_time() + sum(map(_delay, self._files)))


def _delay(file: int) -> float:
    """Return seconds from the second figure, nanoseconds on the queue for a core (Linux, Documentation/scheduler/sched-stats)."""
    return int(os.pread(file, 100, 0).split()[1]) / 1e9


class Allowance:
    """How many threads may work at a time."""

    def __init__(self, most: int) -> None:
        self.now = 1
        self._most = most
        self._before = Usage(0.0, 0.0)

    def begin(self, usage: Usage) -> None:
        """Start to look."""
        self._before = usage

    def look(self, usage: Usage) -> None:
        """Allow one more or one less, when enough time has passed to judge."""
        if usage.at - self._before.at < _WINDOW_S:
            return
        share = usage.share_since(self._before)
        if share > _MUCH:
            self.now = max(self.now - 1, 1)
        elif share < _LITTLE:
            self.now = min(self.now + 1, self._most)
        self.begin(usage)


class Quiet:
    """For how long nothing has been done, and whether that is because who works is stuck."""

    def __init__(self, patience: float) -> None:
        self._patience = patience * _TIMER
        self._began = Usage(0.0, 0.0)

    def begin(self, usage: Usage) -> None:
        """Start to wait."""
        self._began = usage

    def is_stuck(self, usage: Usage) -> bool:
        """Tell whether to go on with others: soon when the process waits for somebody else, later when it works itself."""
        is_waiting = usage.share_since(self._began) < _LITTLE
        return usage.at - self._began.at >= self._patience * (1 if is_waiting else _LONG)

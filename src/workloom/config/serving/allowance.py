"""How many threads are of use, judged by what the process and the machine did while work was waiting."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_UPTIME: Final = Path("/proc/uptime")
_WINDOW_S: Final = 0.05
_FREE_CORES: Final = 0.5
_LITTLE: Final = {True: 0.35, False: 0.2}
_MUCH: Final = {True: 0.55, False: 0.3}
"""Shares of one core, on a machine with room and on one without: there a small share says little, for others take the rest."""
_LONG: Final = 5


@dataclass(frozen=True, slots=True)
class Usage:
    """Three clocks in seconds: the time, the processor time spent by the process, and the rest that all cores have had.

    The last is None where the system does not tell.
    """

    at: float
    spent: float
    rested: float | None

    @classmethod
    def now(cls) -> "Usage":
        """Read the clocks."""
        return cls(time.monotonic(), time.process_time(), _rested())

    def share_since(self, before: "Usage") -> float:
        """Return how much of one core the process has used."""
        return (self.spent - before.spent) / max(self.at - before.at, 1e-9)

    def had_room_since(self, before: "Usage") -> bool:
        """Tell whether the machine had half a core to spare; who cannot know takes it that it had."""
        if self.rested is None or before.rested is None:
            return True
        return self.rested - before.rested >= _FREE_CORES * (self.at - before.at)


def _rested() -> float | None:
    """Read the second figure of Linux' `/proc/uptime`, the rest of all cores together (proc_uptime(5))."""
    try:
        return float(_UPTIME.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None


class Allowance:
    """How many threads may work at a time: learned from how much of a core the process uses while work waits.

    With more than that threads get in each other's way; with less they mostly wait for somebody else.
    """

    def __init__(self, most: int) -> None:
        self.now = 1
        self._most = most
        self._before = Usage(0.0, 0.0, None)

    def begin(self, usage: Usage) -> None:
        """Start to look."""
        self._before = usage

    def look(self, usage: Usage) -> None:
        """Allow one more or one less, when enough time has passed to judge."""
        if usage.at - self._before.at < _WINDOW_S:
            return
        share, has_room = usage.share_since(self._before), usage.had_room_since(self._before)
        if share > _MUCH[has_room]:
            self.now = max(self.now - 1, 1)
        elif share < _LITTLE[has_room]:
            self.now = min(self.now + 1, self._most)
        self.begin(usage)


class Quiet:
    """For how long nothing has been done, and whether that is because who works is stuck."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._began = Usage(0.0, 0.0, None)

    def begin(self, usage: Usage) -> None:
        """Start to wait."""
        self._began = usage

    def is_stuck(self, usage: Usage) -> bool:
        """Tell whether to go on with others: soon when the process waits for somebody else, later when it works itself."""
        is_waiting = usage.share_since(self._began) < _LITTLE[usage.had_room_since(self._began)]
        return usage.at - self._began.at >= self._patience * (1 if is_waiting else _LONG)

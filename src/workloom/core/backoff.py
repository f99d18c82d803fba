"""When to try again: thirteen attempts in a day, close together at first, far apart at the end.

| attempt that failed | next one after | since the first, about |
|---|---|---|
| 1 | 5 s | 5 s |
| 2 | 30 s | 35 s |
| 3 | 2 min | 2 ½ min |
| 4 | 5 min | 8 min |
| 5 | 15 min | 23 min |
| 6 | 30 min | 53 min |
| 7 | 1 h | 1 h 53 min |
| 8 | 2 h | 3 h 53 min |
| 9 | 3 h | 6 h 53 min |
| 10 | 5 h | 11 h 53 min |
| 11 | 6 h | 17 h 53 min |
| 12 | 6 h | 23 h 53 min |

Each pause is up to a fifth shorter or longer, so that what failed together does not come back together. A pause counts
from the failure, not from the plan: a worker that was away for hours does not burn several attempts at once.
"""

from datetime import datetime, timedelta
from typing import Final

_S, _MIN, _H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

PAUSES: Final = (
    *(5 * _S, 30 * _S, 2 * _MIN, 5 * _MIN, 15 * _MIN, 30 * _MIN),
    *(1 * _H, 2 * _H, 3 * _H, 5 * _H, 6 * _H, 6 * _H),
)
WINDOW: Final = timedelta(hours=24)
_JITTER: Final = 0.2


def retry_at(attempt: int, *, first_at: datetime, now: datetime, chance: float) -> datetime | None:
    """Return when to try again after failed attempt number `attempt` (from 1), or None when it is time to give up.

    `chance` is a random number from 0 up to 1; `first_at` is when the first attempt was made. The last attempt is never
    later than a day after the first.
    """
    if attempt < 1:
        raise ValueError("Attempts are counted from 1")
    last = first_at + WINDOW
    if attempt > len(PAUSES) or now >= last:
        return None
    return min(now + PAUSES[attempt - 1] * (1 - _JITTER + 2 * _JITTER * chance), last)

"""The one place that reads the clock, so that tests and imports can set it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """Return this instant in UTC, cut to milliseconds: all three databases keep that and answers show it."""
    frozen_at = _frozen.get()
    if frozen_at is not None:
        return in_milliseconds(frozen_at)
    return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)


def in_milliseconds(moment: datetime) -> datetime:
    """Cut an instant to the precision that is kept."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Let `now` answer `at` inside the block, in this thread or task only."""
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def today_in(zone: str, at: datetime) -> date:
    """Return the calendar day that an instant falls on in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()

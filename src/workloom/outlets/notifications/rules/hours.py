"""Hours on people's clocks. Every local day has each hour once: one that the clock skips is told as much later, of one that comes twice the first counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workloom.people.accounts.rules.notices import QuietHours

_DAY: Final = timedelta(days=1)
_QUARTER_S: Final = 15 * 60
"""All zones of our time differ from UTC by quarters of an hour: only then does an hour begin anywhere."""


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour that has come on the clocks of a zone, and when it comes there again."""

    zone: str
    hour: int
    at: datetime
    following: datetime


def instant_of(day: date, wall: time, zone: str) -> datetime:
    """Return when clocks of a zone show a time on a day."""
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)


def next_hour(after: datetime, hour: int, zone: str) -> datetime:
    """Return the first instant behind another one at which an hour begins."""
    first = after.astimezone(ZoneInfo(zone)).date() - _DAY
    found = (instant_of(first + at * _DAY, time(hour), zone) for at in range(5))
    return min(instant for instant in found if instant > after)


def last_hour(until: datetime, hour: int, zone: str) -> datetime:
    """Return the last instant, up to another one, at which an hour began."""
    last = until.astimezone(ZoneInfo(zone)).date() + _DAY
    found = (instant_of(last - at * _DAY, time(hour), zone) for at in range(5))
    return max(instant for instant in found if instant <= until)


def after_quiet(at: datetime, quiet: QuietHours | None, zone: str) -> datetime:
    """Return when mail may leave that is ready at an instant: then, or when the person's quiet hours are over."""
    if quiet is None:
        return at
    start, end = quiet.times
    local = at.astimezone(ZoneInfo(zone))
    wall, day = local.time(), local.date()
    if start < end:
        is_quiet = start <= wall < end
    else:
        is_quiet = wall >= start or wall < end
        day += _DAY if wall >= start else timedelta()
    return max(at, instant_of(day, end, zone)) if is_quiet else at


def digest_time(after: datetime, hour: int, quiet: QuietHours | None, zone: str) -> datetime:
    """Return when the next digest leaves."""
    return after_quiet(next_hour(after, hour, zone), quiet, zone)


def may_begin_an_hour(since: datetime, until: datetime) -> bool:
    """Tell whether an hour can have begun anywhere behind one instant and up to another."""
    return int(until.timestamp()) // _QUARTER_S > int(since.timestamp()) // _QUARTER_S


def slots_between(clocks: Iterable[tuple[str, int]], since: datetime, until: datetime) -> Iterator[Slot]:
    """Yield, for each zone and hour that began behind one instant and up to another, the last time that it did."""
    for zone, hour in clocks:
        at = last_hour(until, hour, zone)
        if at > since:
            yield Slot(zone, hour, at, next_hour(at, hour, zone))

"""When people are reminded of a task: at an hour of theirs, of what is due before it comes again, and of what is past."""

from datetime import date, datetime, time, timedelta
from typing import Final

from workloom.outlets.notifications.rules.hours import Slot, instant_of
from workloom.people.accounts.rules.notices import NoticeKind

LOOKS_BACK: Final = timedelta(days=2)
"""What became due longer ago is no news: nobody was there, or the date was set to the past."""
LOOKS_AHEAD: Final = timedelta(days=2)
"""More than lies between two hours of one clock."""


def deadline(day: date, at: datetime | None, zone: str) -> datetime:
    """Return when a task becomes overdue for somebody: at its instant, or when its day ends on their clock."""
    return at or instant_of(day + timedelta(days=1), time(), zone)


def reminder_of(day: date, at: datetime | None, slot: Slot, now: datetime) -> NoticeKind | None:
    """Return what somebody is reminded of when their hour has come; None for nothing."""
    end = deadline(day, at, slot.zone)
    if slot.at < end <= slot.following and end > now:
        return NoticeKind.DUE_SOON
    if slot.at - LOOKS_BACK < end <= slot.at:
        return NoticeKind.OVERDUE
    return None


def cause_of(kind: NoticeKind, task: object, day: date, at: datetime | None) -> str:
    """Return what is told once: a reminder of one task and one date; another date is another cause."""
    return f"{kind}:{task}:{at.isoformat() if at else day.isoformat()}"

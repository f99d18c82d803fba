"""Decisions about tasks: values in, values out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType

from workloom.core.errors import Invalid
from workloom.people.rights.rules import Right

PRIORITIES: Mapping[str, int] = {"low": 1, "medium": 2, "high": 3, "urgent": 4}
PRIORITY_NAMES: Mapping[int, str] = {number: name for name, number in PRIORITIES.items()}
PRIORITY_WORDS: Mapping[str, int] = {**PRIORITIES, "critical": 4}
"""What is understood; `critical` is another word for urgent and never printed."""

CLOSED = frozenset({"done", "cancelled"})
STARTED = frozenset({"in_progress", "review"})
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9]{0,9})-([0-9]{1,9})")
_MOVING = frozenset({"status", "is_completed"})


@dataclass(frozen=True, slots=True)
class TaskKey:
    """ENG-42: the project's key in capitals and the number in the project."""

    project: str
    number: int


def parse_key(text: str) -> TaskKey | None:
    """Read a task's key in any case; None for what is none."""
    match = _KEY.fullmatch(text.strip()) if text.isascii() else None
    return TaskKey(match[1].upper(), int(match[2])) if match else None


class Due(NamedTuple):
    """A calendar date, and the instant when there is a time of day."""

    day: date | None = None
    at: datetime | None = None


def next_due(
    current: Due,
    wanted_date: date | datetime | None | UnsetType,
    wanted_at: datetime | None | UnsetType,
    zone: str,
) -> Due:
    """Return what is due after a write of `due_date`, `due_at` or both, judged in the caller's zone.

    Of two that are sent the one that equals the current value does not count; raises Invalid when both are new and differ.
    """
    if wanted_date is UNSET:
        return current if wanted_at is UNSET else _from(wanted_at, zone)
    by_date = _from(wanted_date, zone)
    if wanted_at is UNSET or wanted_at is None:
        return by_date
    if wanted_at == current.at:
        return current if wanted_date == current.day else by_date
    by_time = _from(wanted_at, zone)
    if wanted_date != current.day and (by_date.day != by_time.day or by_date.at not in (None, by_time.at)):
        raise Invalid("due_date", "contradiction", "due_date and due_at name different days. Send one of them.")
    return by_time


def _from(value: Any, zone: str) -> Due:
    if not isinstance(value, datetime):
        return Due(value, None)
    try:
        return Due(value.astimezone(ZoneInfo(zone)).date(), value.astimezone(UTC))
    except OverflowError as error:
        raise Invalid(
            "due_date", "out_of_range", "In your time zone this lies outside of the years 1 to 9999."
        ) from error


def is_overdue(due: Due, category: str, *, today: date, now: datetime) -> bool:
    """Tell whether an open task is past its date, or past its instant when it has one."""
    if category in CLOSED or due.day is None:
        return False
    return due.at < now if due.at else due.day < today


def breach_moment(due: Due, zone: str) -> datetime | None:
    """Return the instant from which an open task is late in its project's zone: its own, or when its day is over there.

    Where a clock skips midnight, the day begins with the skip; where it has two, with the first.
    """
    if due.at or due.day is None or due.day == date.max:
        return due.at
    return datetime.combine(due.day + timedelta(days=1), time.min, ZoneInfo(zone)).astimezone(UTC)


def right_to_edit(sent: frozenset[str]) -> Right:
    """Return the right that a write of these fields needs."""
    return Right.TASK_MOVE if sent and sent <= _MOVING else Right.TASK_EDIT


def percentile(sorted_values: list[float], share: float) -> float | None:
    """Return the nearest-rank percentile of values in rising order; None of nothing."""
    if not sorted_values:
        return None
    return sorted_values[max(0, -(-int(len(sorted_values) * share * 100) // 100) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskInput:
    """A body's fields as they were sent: absent ones are UNSET, relations are still names and ids."""

    id: UUID | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    project: UUID | UnsetType = UNSET
    board: UUID | UnsetType = UNSET
    status: str | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    category: UUID | None | UnsetType = UNSET
    labels: tuple[UUID, ...] | UnsetType = UNSET
    assignees: tuple[UUID, ...] | UnsetType = UNSET
    reporter: UUID | UnsetType = UNSET
    parent: str | None | UnsetType = UNSET
    start_date: date | None | UnsetType = UNSET
    due_date: date | datetime | None | UnsetType = UNSET
    due_at: datetime | None | UnsetType = UNSET
    estimate: float | None | UnsetType = UNSET
    is_completed: bool | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET

    @property
    def sent(self) -> frozenset[str]:
        """Name the fields that were sent."""
        return frozenset([name for name, value in zip(_NAMES, _values_of(self), strict=True) if value is not UNSET])


_NAMES = tuple([field.name for field in fields(TaskInput)])
_values_of = attrgetter(*_NAMES)


def given(value: Any, default: Any) -> Any:
    """Return what was sent, or the default for what was not."""
    return default if value is UNSET else value

"""The usual kinds of filters, each with errors that name the parameter's allowed values."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from workloom.core.actor import Actor
from workloom.core.errors import FieldError, Invalid
from workloom.core.ids import parse_uuid
from workloom.core.listing import Filter
from workloom.core.text import fold, is_clean, slug

MOST_VALUES = 200
"""How many values of one parameter: a database gives up on longer conditions."""
TRUE = {"true", "1", "yes"}
FALSE = {"false", "0", "no"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
_FIRST = datetime(1, 1, 3, tzinfo=UTC)
_LAST = datetime(9999, 12, 29, tzinfo=UTC)
"""Between these an instant has a date in every zone."""


class BadValue(ValueError):
    """A filter's value that cannot be taken; the words say what can."""


def read_flag(value: str) -> bool:
    """Read true or false; raises BadValue."""
    word = value.strip().lower()
    if word in TRUE | FALSE:
        return word in TRUE
    raise BadValue("Send true or false.")


def flag(condition: Callable[[Actor], Q] | str, help_text: str = "") -> Filter:
    """A yes-or-no filter on a column, or on a condition that `false` negates."""

    def to_q(value: str, actor: Actor) -> Q:
        wanted = read_flag(value)
        if isinstance(condition, str):
            return Q(**{condition: wanted})
        return condition(actor) if wanted else ~condition(actor)

    return Filter(to_q, kind="boolean", many=False, help=help_text)


def choice(column: str, values: Mapping[str, object], help_text: str = "") -> Filter:
    """One of a fixed set, in any case, with - or space for _."""

    def to_q(value: str, actor: Actor) -> Q:
        name = slug(value)
        if name not in values:
            raise BadValue(f"Send one of {', '.join(values)}.")
        return Q(**{column: values[name]})

    return Filter(to_q, choices=tuple(values), help=help_text)


def reference(column: str, help_text: str = "", *, nullable: bool = False) -> Filter:
    """An id; unknown ones find nothing. Where the column can be empty, `none` finds the empty ones."""

    def to_q(value: str, actor: Actor) -> Q:
        if nullable and value == "none":
            return Q(**{f"{column}__isnull": True})
        key = parse_uuid(value)
        if key is None:
            raise BadValue("Send an id (a UUID)." + (" Or none." if nullable else ""))
        return Q(**{column: key})

    return Filter(to_q, kind="uuid", help=help_text)


def person(condition: Callable[[object], Q], none: Q | None = None, help_text: str = "") -> Filter:
    """A person's id, `me`, or `none` where nobody is possible."""

    def to_q(value: str, actor: Actor) -> Q:
        if value == "me" and actor.id:
            return condition(actor.id)
        if value == "none" and none is not None:
            return none
        key = parse_uuid(value)
        if key is None:
            raise BadValue("Send a person's id, me" + (" or none." if none is not None else "."))
        return condition(key)

    return Filter(to_q, kind="person", help=help_text)


def words(column: str, help_text: str = "") -> Filter:
    """Words that all stand, in any order, in a column which Python wrote with `fold`."""

    def to_q(value: str, actor: Actor) -> Q:
        if not is_clean(value):
            raise BadValue("Send a text without NUL and without halves of surrogate pairs.")
        found = Q()
        for word in fold(value).split()[:20]:
            found &= Q(**{f"{column}__contains": word})
        return found

    return Filter(to_q, many=False, help=help_text)


def moment_bound(column: str, side: str, help_text: str = "") -> Filter:
    """An instant before or after which; a bare date is judged by its day in the caller's zone."""

    def to_q(value: str, actor: Actor) -> Q:
        instant, day = read_moment(value)
        if day is not None:
            after = side in ("gt", "lte")
            bound = _start_of(day, actor.zone, later=1 if after else 0)
            return Q(**{f"{column}__{'gte' if side == 'gt' else 'lt'}": bound})
        return Q(**{f"{column}__{side}": instant})

    return Filter(to_q, kind="date-time", many=False, help=help_text)


def _start_of(day: date, zone: str, *, later: int) -> datetime:
    """Return when a day, or the one after it, begins in a zone; at both ends of the calendar the nearest instant that every zone knows."""
    if not _FIRST.date() <= day < _LAST.date():
        return _FIRST if day < _FIRST.date() else _LAST
    return datetime.combine(day + timedelta(days=later), time.min, ZoneInfo(zone)).astimezone(UTC)


def day_bound(column: str, lookup: str, help_text: str = "", *, nullable: bool = False) -> Filter:
    """A calendar date; a date-time is judged by its day in the caller's zone."""

    def to_q(value: str, actor: Actor) -> Q:
        if nullable and value == "none":
            return Q(**{f"{column}__isnull": True})
        instant, day = read_moment(value)
        if day is None and instant is not None:
            day = instant.astimezone(ZoneInfo(actor.zone)).date()
        return Q(**{f"{column}{lookup}": day})

    return Filter(to_q, kind="date", many=lookup == "", help=help_text)


def read_moment(value: str) -> tuple[datetime | None, date | None]:
    """Read RFC 3339: an instant (in UTC where no offset is named) or a calendar date, the other is None; raises BadValue."""
    text = value.strip()
    try:
        if _DATE.fullmatch(text):
            return None, date.fromisoformat(text)
        text = text.replace(" ", "+") if "T" in text else text  # a plus sign in an address arrives as a space
        if _DATE_TIME.fullmatch(text):
            moment = datetime.fromisoformat(text.upper())
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            if _FIRST <= moment <= _LAST:
                return moment, None
    except (ValueError, OverflowError):
        pass
    raise BadValue("Send a date (2026-11-30) or a date-time with its offset (2026-11-30T12:00:00Z).")


def condition_of(name: str, given: Filter, values: list[str], actor: Actor, place: UUID | None = None) -> Q:
    """Join one parameter's values: any of them, or for `name!` none of them; `place` is the one that the list is of. Raises Invalid."""
    excluded = name.endswith("!")
    parts = [part for value in values for part in value.split(",")] if given.many else values
    if not given.many and len(parts) > 1:
        raise Invalid(name, "one_value", f"{name} takes one value.")
    if len(parts) > MOST_VALUES:
        raise Invalid(name, "too_many", f"{name} takes {MOST_VALUES} values at most.")
    joined = Q()
    for part in parts:
        try:
            joined |= _condition(given, part.strip() if given.many else part, actor, place)
        except BadValue as error:
            raise Invalid.many(
                [FieldError(name, "invalid_value", f"“{part[:80]}” cannot be taken for {name}. {error}")]
            ) from error
    return ~joined if excluded else joined


def _condition(given: Filter, value: str, actor: Actor, place: UUID | None) -> Q:
    try:
        if place is not None and given.within is not None:
            return given.within(value, actor, place)
        return given.to_q(value, actor)
    except OverflowError as error:
        raise BadValue("In your time zone it lies outside of the years 1 to 9999.") from error

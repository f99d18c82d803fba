"""Times as people and programs write them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.db.models import Q

from workloom.core.actor import Actor, ActorKind
from workloom.core.filters import BadValue, day_bound, moment_bound, read_moment

EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
"""What lies between has a date in every zone."""
ENDS = ("0001-01-01", "0001-01-03", "9999-12-28", "9999-12-31", "0001-01-03T00:00:00Z", "9999-12-29T00:00:00Z")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-30T12:00:00Z", datetime(2026, 11, 30, 12, tzinfo=UTC)),
        ("2026-11-30t12:00z", datetime(2026, 11, 30, 12, tzinfo=UTC)),
        ("2026-11-30T12:00:00.5+02:00", datetime(2026, 11, 30, 10, 0, 0, 500_000, UTC)),
        ("2026-11-30T12:00:00 02:00", datetime(2026, 11, 30, 10, tzinfo=UTC)),
        ("2026-11-30 12:00:00", datetime(2026, 11, 30, 12, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_utc(text: str, instant: datetime) -> None:
    assert read_moment(text) == (instant, None)


def test_a_date_is_no_instant() -> None:
    assert read_moment(" 2026-11-30 ") == (None, date(2026, 11, 30))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "20261130",
            "2026-W48-1",
            "2026-W01",
            "2026-13-01",
            "2026-11-30T24:00:00Z",
            "2026-11-30T12",
            "٢٠٢٦-11-30",
        ),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_what_no_one_else_would_read_alike_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        read_moment(text)


@pytest.mark.parametrize("text", ENDS)
def test_the_ends_of_the_calendar_are_bounds_in_every_zone(text: str) -> None:
    for zone in available_timezones():
        actor = Actor(id=None, kind=ActorKind.USER, name="", zone=zone)
        below, start = _bound(moment_bound("at", "lt").to_q(text, actor))
        above, end = _bound(moment_bound("at", "gt").to_q(text, actor))
        assert (below, above) == ("at__lt", "at__gt" if "T" in text else "at__gte")
        assert EARLIEST <= start <= end <= LATEST
        name, day = _bound(day_bound("day", "__lt").to_q(text, actor))
        assert name == "day__lt"
        assert abs(day - date.fromisoformat(text[:10])) <= timedelta(days=1)


def _bound(found: Q) -> Any:
    [bound] = found.children
    return bound


def test_a_day_begins_and_ends_in_the_callers_zone() -> None:
    actor = Actor(id=None, kind=ActorKind.USER, name="", zone="Asia/Tokyo")
    midnight = datetime(2026, 11, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert moment_bound("at", "lt").to_q("2026-11-30", actor).children == [("at__lt", midnight)]
    assert moment_bound("at", "gt").to_q("2026-11-30", actor).children == [("at__gte", midnight + timedelta(days=1))]

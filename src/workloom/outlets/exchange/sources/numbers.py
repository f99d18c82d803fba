"""Reading numbers and times as people and programs write them in cells."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

_LARGEST: Final = Decimal(1_000_000)
_LONGEST: Final = 40
_FIRST_YEAR: Final = 1899
_LAST_YEAR: Final = 3000
_FORMATS: Final = (
    "%d/%b/%y %I:%M %p",
    "%d/%b/%Y %I:%M %p",
    "%d/%b/%y %H:%M",
    "%d/%b/%y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%b %d, %Y",
    "%d %b %Y",
    "%Y/%m/%d",
)


def estimate_of(text: str) -> Decimal | None:
    """Read a size between nothing and a million; None when it is no such number."""
    try:
        number = Decimal(text.strip()) if len(text) <= _LONGEST else Decimal(-1)
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= _LARGEST else None


def utc_of(moment: datetime) -> datetime | None:
    """Bring a time to UTC and to milliseconds, which all databases keep; None outside 1900 to 2999: none is meant."""
    if not _FIRST_YEAR < moment.year < _LAST_YEAR:
        return None
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


def moment_of(text: str, zone: str) -> datetime | date | None:
    """Read a date, or a date-time in the zone unless it has its own; what could mean two days is not guessed."""
    plain = text.strip()
    if len(plain) > _LONGEST:
        return None
    try:
        if len(plain) == len("2026-11-30"):
            return _meant(date.fromisoformat(plain))
        return _zoned(datetime.fromisoformat(plain), zone)
    except ValueError:
        return _otherwise(plain, zone)


def _otherwise(text: str, zone: str) -> datetime | date | None:
    for form in _FORMATS:
        try:
            found = datetime.strptime(text, form).replace(tzinfo=ZoneInfo(zone))
        except ValueError:
            continue
        return found if "%I" in form or "%H" in form else _meant(found.date())
    return None


def _meant(day: date) -> date | None:
    return day if _FIRST_YEAR < day.year < _LAST_YEAR else None


def _zoned(moment: datetime, zone: str) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))

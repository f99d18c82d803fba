"""Fixed words, dates and numbers of mails in the languages that we write; everybody else reads English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")
FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What mails of every kind say in one language."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    day: str
    moment: str
    thousands: str
    point: str
    open_it: str
    stop: str
    server: str
    test_subject: str
    test_text: str


_ENGLISH: Final = Words(
    months=(
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    day="{weekday}, {day} {month} {year}",
    moment="{date}, {time} ({zone})",
    thousands=",",
    point=".",
    open_it="Open",
    stop="No more mails of this kind",
    server="Server",
    test_subject="A test mail from Workloom",
    test_text="This mail went the way of all others: through the ledger, the queue and a worker. Mail works.",
)
_GERMAN: Final = Words(
    months=(
        *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli"),
        *("August", "September", "Oktober", "November", "Dezember"),
    ),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    day="{weekday}, {day}. {month} {year}",
    moment="{date}, {time} Uhr ({zone})",
    thousands=".",
    point=",",
    open_it="Öffnen",
    stop="Keine E-Mails dieser Art mehr",
    server="Server",
    test_subject="Eine Testmail von Workloom",
    test_text="Diese Mail ging den Weg aller anderen: durch Ausgangsbuch, Warteschlange und Worker. Mail funktioniert.",
)
WORDS: Final[Mapping[str, Words]] = {"en": _ENGLISH, "de": _GERMAN}


def in_language(texts: Mapping[str, T], locale: str) -> T:
    """Pick what belongs to a locale such as `de-AT` or `de_AT`; English where its language is missing."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return texts[language] if language in texts else texts[FALLBACK]


def words_of(locale: str) -> Words:
    """Return the fixed words of a locale."""
    return in_language(WORDS, locale)


def spelled_day(day: date, locale: str) -> str:
    """Write a calendar day out: `Saturday, 21 November 2026`."""
    words = words_of(locale)
    return words.day.format(
        weekday=words.weekdays[day.weekday()], day=day.day, month=words.months[day.month - 1], year=day.year
    )


def spelled_moment(at: datetime, locale: str, zone: str) -> str:
    """Write an instant as the clock of a zone shows it, with the zone's name."""
    local = at.astimezone(ZoneInfo(zone))
    date_text = spelled_day(local.date(), locale)
    return words_of(locale).moment.format(date=date_text, time=f"{local:%H:%M}", zone=zone.replace("_", " "))


def spelled_number(value: float, locale: str) -> str:
    """Write a number with the marks of a language: `1,234.5`, `1.234,5`."""
    words = words_of(locale)
    plain = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
    return plain.translate({ord(","): words.thousands, ord("."): words.point})

from datetime import UTC, date, datetime

import pytest

from workloom.core.mail.words import WORDS, in_language, spelled_day, spelled_moment, spelled_number

AT = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "day"),
    [
        ("en", "Saturday, 28 March 2026"),
        ("de", "Samstag, 28. März 2026"),
        ("de_CH", "Samstag, 28. März 2026"),
        ("DE-at", "Samstag, 28. März 2026"),
        ("pt-BR", "Saturday, 28 March 2026"),
        ("", "Saturday, 28 March 2026"),
    ],
)
def test_days_are_spelled_as_the_reader_reads_them(locale: str, day: str) -> None:
    assert spelled_day(date(2026, 3, 28), locale) == day


def test_moments_are_told_by_the_clock_of_the_readers_zone() -> None:
    assert spelled_moment(AT, "en", "America/New_York") == "Saturday, 28 March 2026, 19:30 (America/New York)"
    assert spelled_moment(AT, "de", "Europe/Berlin") == "Sonntag, 29. März 2026, 00:30 Uhr (Europe/Berlin)"


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [(1234.5, "1,234.5", "1.234,5"), (1000000, "1,000,000", "1.000.000"), (3.0, "3", "3"), (-0.25, "-0.25", "-0,25")],
)
def test_numbers_have_the_marks_of_the_language(value: float, english: str, german: str) -> None:
    assert (spelled_number(value, "en"), spelled_number(value, "de")) == (english, german)


def test_every_language_has_twelve_months_and_seven_days() -> None:
    assert {(len(set(words.months)), len(set(words.weekdays))) for words in WORDS.values()} == {(12, 7)}


def test_a_language_that_is_missing_is_english() -> None:
    assert in_language({"en": "yes", "de": "ja"}, "fr") == "yes"

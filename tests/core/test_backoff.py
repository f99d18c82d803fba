import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workloom.core import backoff
from workloom.core.backoff import PAUSES, WINDOW, retry_at

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def attempts(chance: float) -> list[datetime]:
    """All attempts of a message that nobody takes, each failing at once."""
    made = [NOON]
    while (then := retry_at(len(made), first_at=NOON, now=made[-1], chance=chance)) is not None:
        made.append(then)
    return made


def test_the_pauses_grow_and_fill_a_day() -> None:
    assert all(shorter <= longer for shorter, longer in pairwise(PAUSES))
    assert timedelta(hours=23, minutes=50) < sum(PAUSES, timedelta()) <= WINDOW


def test_the_table_in_the_text_is_the_table_in_the_code() -> None:
    rows = re.findall(r"^\| (\d+) \| (\d+) (s|min|h) \|", backoff.__doc__ or "", re.MULTILINE)
    units = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1)}
    assert [(int(number), int(count) * units[unit]) for number, count, unit in rows] == list(enumerate(PAUSES, 1))


def test_without_luck_either_way_there_are_thirteen_attempts_as_the_table_says() -> None:
    made = attempts(0.5)
    assert [later - earlier for earlier, later in pairwise(made)] == list(PAUSES)
    assert len(made) == 13


@pytest.mark.parametrize(("chance", "first_pause"), [(0.0, 4), (0.5, 5), (0.75, 5.5)])
def test_a_pause_is_up_to_a_fifth_shorter_or_longer(chance: float, first_pause: float) -> None:
    assert retry_at(1, first_at=NOON, now=NOON, chance=chance) == NOON + timedelta(seconds=first_pause)


@given(st.floats(0, 1, exclude_max=True))
def test_no_attempt_is_later_than_a_day_after_the_first(chance: float) -> None:
    made = attempts(chance)
    assert 10 <= len(made) <= 13
    assert made[-1] <= NOON + WINDOW


def test_after_an_absence_the_pauses_count_from_now() -> None:
    back = NOON + timedelta(hours=5)
    assert retry_at(2, first_at=NOON, now=back, chance=0.5) == back + timedelta(seconds=30)


def test_after_a_day_it_is_time_to_give_up() -> None:
    assert retry_at(2, first_at=NOON, now=NOON + WINDOW, chance=0.5) is None
    almost = NOON + WINDOW - timedelta(minutes=1)
    assert retry_at(12, first_at=NOON, now=almost, chance=0.5) == NOON + WINDOW
    assert retry_at(13, first_at=NOON, now=NOON, chance=0.5) is None


def test_attempts_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        retry_at(0, first_at=NOON, now=NOON, chance=0.5)

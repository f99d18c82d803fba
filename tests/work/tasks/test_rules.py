from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from workloom.core.errors import Invalid
from workloom.people.rights.rules import Right
from workloom.work.tasks.rules import Due, TaskKey, is_overdue, next_due, parse_key, percentile, right_to_edit

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "key"), [("ENG-42", TaskKey("ENG", 42)), ("eng-1", TaskKey("ENG", 1)), ("a1b2-9", TaskKey("A1B2", 9))]
)
def test_a_key_is_read_in_any_case(text: str, key: TaskKey) -> None:
    assert parse_key(text) == key


@pytest.mark.parametrize(
    "text", ["", "ENG", "ENG-", "-1", "ENG-x", "ENG-1-2", "1ENG-2", "É-1", "ENG-9999999999", "ENG 1"]
)
def test_what_is_no_key_is_none(text: str) -> None:
    assert parse_key(text) is None


def test_a_date_clears_the_time() -> None:
    assert next_due(Due(DAY, NOON), date(2026, 12, 1), UNSET, "UTC") == Due(date(2026, 12, 1), None)


def test_a_date_time_is_split_in_the_callers_zone() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert next_due(Due(), late, UNSET, "Asia/Tokyo") == Due(date(2026, 12, 1), late)


def test_an_instant_sets_the_day_too() -> None:
    assert next_due(Due(), UNSET, NOON, "America/New_York") == Due(DAY, NOON)


@pytest.mark.parametrize(("wanted_date", "wanted_at"), [(None, UNSET), (UNSET, None), (None, None)])
def test_null_clears_both(wanted_date: None, wanted_at: None) -> None:
    assert next_due(Due(DAY, NOON), wanted_date, wanted_at, "UTC") == Due()


def test_both_sent_back_as_they_were_change_nothing_in_any_zone() -> None:
    assert next_due(Due(DAY, NOON), DAY, NOON, "Pacific/Auckland") == Due(DAY, NOON)


def test_of_both_the_one_that_changed_counts() -> None:
    moved = datetime(2026, 12, 2, 9, tzinfo=UTC)
    assert next_due(Due(DAY, NOON), DAY, moved, "UTC") == Due(date(2026, 12, 2), moved)
    assert next_due(Due(DAY, NOON), date(2026, 12, 5), NOON, "UTC") == Due(date(2026, 12, 5), None)


def test_a_time_that_is_dropped_keeps_the_date() -> None:
    assert next_due(Due(DAY, NOON), DAY, None, "UTC") == Due(DAY, None)


def test_both_new_and_different_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        next_due(Due(), date(2026, 12, 24), NOON, "UTC")
    assert refusal.value.errors[0].field == "due_date"


@pytest.mark.parametrize(
    ("due", "category", "late"),
    [
        (Due(date(2026, 11, 29)), "todo", True),
        (Due(DAY), "todo", False),
        (Due(date(2026, 11, 29)), "done", False),
        (Due(date(2026, 11, 29)), "cancelled", False),
        (Due(), "todo", False),
        (Due(DAY, datetime(2026, 11, 30, 11, tzinfo=UTC)), "review", True),
        (Due(DAY, datetime(2026, 11, 30, 13, tzinfo=UTC)), "review", False),
    ],
)
def test_overdue_is_open_and_past_its_day_or_instant(due: Due, category: str, *, late: bool) -> None:
    assert is_overdue(due, category, today=DAY, now=NOON) is late


def test_changing_only_the_status_needs_no_right_to_edit() -> None:
    assert right_to_edit(frozenset({"status"})) is Right.TASK_MOVE
    assert right_to_edit(frozenset({"is_completed"})) is Right.TASK_MOVE
    assert right_to_edit(frozenset({"status", "title"})) is Right.TASK_EDIT
    assert right_to_edit(frozenset()) is Right.TASK_EDIT


def test_percentiles_are_by_nearest_rank() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [percentile(values, share) for share in (0.5, 0.85, 0.95)] == [50.0, 85.0, 95.0]
    assert percentile([7.0], 0.95) == 7.0
    assert percentile([], 0.5) is None


@given(st.lists(st.floats(0, 1e9), min_size=1), st.sampled_from([0.5, 0.85, 0.95]))
def test_a_percentile_is_one_of_the_values(values: list[float], share: float) -> None:
    assert percentile(sorted(values), share) in values

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import override_settings

from tests.log import recorded
from workloom.core import clock
from workloom.core.actor import SYSTEM
from workloom.core.clock import now
from workloom.core.errors import Conflict, Missing
from workloom.events import consumers
from workloom.events.consumers import (
    EventSkipped,
    consumer_id,
    list_consumers,
    oldest_unnumbered_s,
    retry_consumer,
    run_consumers,
    skip_event,
)
from workloom.events.publish import publish
from workloom.events.queries import last_seq
from workloom.events.record import record
from workloom.events.rows import Published

HERE = "tests.events.test_consumers"
seen: list[tuple[str, int]] = []
refused: set[int] = set()
dangling: set[int] = set()


def first(event: Published) -> None:
    seen.append(("first", event.seq))
    if event.seq in refused:
        raise ValueError(f"cannot take {event.seq}")
    if event.seq in dangling:
        Permission.objects.create(codename=str(event.seq), content_type_id=2_000_000_000)


def second(event: Published) -> None:
    seen.append(("second", event.seq))


@pytest.fixture(autouse=True)
def two_consumers(db: None) -> Iterator[None]:
    seen.clear()
    refused.clear()
    dangling.clear()
    with override_settings(CONSUMERS={"first": f"{HERE}.first", "second": f"{HERE}.second"}):
        run_consumers()
        yield


def numbers(name: str) -> list[int]:
    return [seq for reader, seq in seen if reader == name]


def happen(times: int) -> list[int]:
    """Make something happen, and return the numbers of the events."""
    before = last_seq()
    with transaction.atomic():
        for number in range(1, times + 1):
            changes = {"seq": (None, number), "name": (None, f"Label {number}")}
            record(EventSkipped(object_id=consumer_id("any"), changes=changes), actor=SYSTEM)
    publish()
    return list(range(before + 1, before + 1 + times))


def test_each_consumer_gets_each_event_once_and_in_order() -> None:
    events = happen(5)
    assert run_consumers() == 10
    assert numbers("first") == numbers("second") == events
    assert run_consumers() == 0


def test_an_event_is_handed_over_with_all_that_was_written(caught: list[Published]) -> None:
    happen(1)
    run_consumers()
    (event,) = caught
    assert (event.type, event.object_type, event.via) == ("consumer.skipped", "consumer", "command")
    assert event.changes["name"] == [None, "Label 1"]


def test_one_that_raises_holds_back_itself_alone_and_goes_on_where_it_stood() -> None:
    events = happen(4)
    refused.add(events[2])
    run_consumers()
    assert numbers("second") == events
    standing, other = list_consumers()
    assert (standing.seq, standing.behind, standing.attempts) == (events[1], 2, 1)
    assert "ValueError: cannot take" in standing.error
    assert (other.behind, other.lag_s, other.error) == (0, 0.0, "")

    seen.clear()
    assert run_consumers() == 0  # it pauses
    refused.clear()
    with clock.frozen(now() + timedelta(seconds=3)):
        assert run_consumers() == 2
    assert numbers("first") == events[2:]
    assert list_consumers()[0].error == ""


def test_the_pauses_grow_and_have_a_longest() -> None:
    refused.update(happen(1))
    moment = now()
    pauses = []
    for _ in range(12):
        with clock.frozen(moment):
            run_consumers()
            until = list_consumers()[0].retry_at
        assert until is not None
        pauses.append((until - moment).total_seconds())
        moment = until
    assert pauses[:4] == [2, 4, 8, 16]
    assert pauses[-1] == 300


def test_retry_ends_the_pause() -> None:
    refused.update(happen(1))
    run_consumers()
    refused.clear()
    retry_consumer("first")
    assert run_consumers() == 1


def test_an_operator_skips_the_one_event_it_stumbles_over_and_says_why() -> None:
    events = happen(2)
    refused.add(events[0])
    run_consumers()
    with pytest.raises(Conflict, match=f"event {events[0]}"):
        skip_event("first", events[1], reason="a guess", actor=SYSTEM)
    skip_event("first", events[0], reason="A receiver that is gone", actor=SYSTEM)
    seen.clear()
    publish()
    run_consumers()
    assert numbers("first") == [events[1], events[1] + 1]
    assert recorded("consumer.skipped")[-1:] == [
        (
            "consumer.skipped",
            {"seq": [None, events[0]], "name": [None, "first"], "message": [None, "A receiver that is gone"]},
        )
    ]


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(Missing, match="first, second"):
        retry_consumer("third")


def test_a_new_consumer_begins_at_the_end_of_the_log() -> None:
    happen(3)
    with override_settings(CONSUMERS={"late": f"{HERE}.second"}):
        assert run_consumers() == 0
        events = happen(1)
        assert run_consumers() == 1
    assert numbers("second") == events


def test_a_batch_ends_when_others_have_waited_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "_BUDGET_S", -1.0)
    events = happen(3)
    assert run_consumers() == 6
    assert numbers("first") == events


def test_lag_is_told_in_events_and_in_seconds() -> None:
    refused.update(happen(3)[:1])
    run_consumers()
    with clock.frozen(now() + timedelta(seconds=60)):
        standing = list_consumers()[0]
    assert standing.behind == 3
    assert 59 <= standing.lag_s <= 61


def test_lag_counts_from_when_an_event_was_written_however_long_ago_it_happened() -> None:
    happen(1)
    with transaction.atomic():
        old = EventSkipped(object_id=consumer_id("any"), changes={"seq": (None, 1)})
        record(old, actor=SYSTEM, at=now() - timedelta(days=900))
    assert oldest_unnumbered_s() < 30
    publish()
    assert list_consumers()[0].lag_s < 30
    with clock.frozen(now() + timedelta(seconds=60)):
        assert list_consumers()[0].lag_s >= 59


def test_a_slow_reader_s_lag_is_that_of_the_oldest_event_even_while_it_moves() -> None:
    refused.update(happen(3)[1:2])
    with clock.frozen(now() + timedelta(hours=1)):
        run_consumers()  # the first of them is dealt with now, an hour late
        assert list_consumers()[0].lag_s >= 3599


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lies", [1, 3])
def test_one_whose_effects_the_database_refuses_at_the_commit_is_held_back_there(lies: int) -> None:
    events = happen(4)
    dangling.add(events[lies - 1])
    run_consumers()
    assert numbers("second") == events
    standing = list_consumers()[0]
    assert (standing.seq, standing.attempts) == (events[0] + lies - 2, 1)
    assert "IntegrityError" in standing.error
    dangling.clear()
    with clock.frozen(now() + timedelta(seconds=3)):
        run_consumers()
    assert list_consumers()[0].behind == 0


@pytest.fixture
def caught() -> Iterator[list[Published]]:
    found: list[Published] = []
    _catchers.append(found)
    with override_settings(CONSUMERS={"catcher": f"{HERE}.catch"}):
        run_consumers()
        yield found
    _catchers.remove(found)


_catchers: list[list[Published]] = []


def catch(event: Published) -> None:
    for found in _catchers:
        found.append(event)

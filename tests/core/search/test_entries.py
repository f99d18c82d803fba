"""Entries follow their objects, inside and after the transaction of the change."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from workloom.core.ids import uuid7
from workloom.core.models import SearchRow
from workloom.core.search import IndexEntry, drop_rows, drop_subjects, index_rows, mark_open, matching, move_scope

pytestmark = pytest.mark.django_db
COMMITTED = pytest.mark.django_db(transaction=True)
"""MariaDB's full-text index works at the commit."""
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _entry(title: str, **changes: Any) -> IndexEntry:
    key = uuid7()
    given = {"object_id": key, "kind": "task", "scope": key, "subject": key, "is_open": True, "body": "", "codes": ()}
    return IndexEntry(**{**given, "title": title, "updated_at": NOON, **changes})


def _found(query: str) -> list[UUID]:
    return list(matching(query).values_list("object_id", flat=True))


@COMMITTED
def test_an_entry_is_found_at_once_and_by_its_new_words_after_a_change() -> None:
    entry = _entry("first words", body="something")
    index_rows([entry])
    assert _found("words") == [entry.object_id]
    index_rows([_entry("second thought", object_id=entry.object_id)])
    assert _found("words") == []
    assert _found("ought") == [entry.object_id]
    assert SearchRow.objects.count() == 1


def test_a_transaction_finds_what_it_wrote_and_not_what_it_dropped() -> None:
    dropped = _entry("dropped words")
    index_rows([dropped])
    with transaction.atomic():
        entry = _entry("own words", codes=("ENG-1",))
        index_rows([entry])
        drop_rows([dropped.object_id])
        assert _found("words") == _found("ENG-1") == _found("own wor") == [entry.object_id]


@COMMITTED
def test_each_of_many_entries_is_found_at_once() -> None:
    filling = " ".join(f"{at}filling{at}" for at in range(200))
    for at in range(300):
        entry = _entry(f"number{at}", body=filling)
        index_rows([entry])
        assert _found(f"number{at}")[-1:] == [entry.object_id]


def test_the_last_of_two_entries_of_one_object_counts() -> None:
    entry = _entry("one")
    index_rows([entry, _entry("two", object_id=entry.object_id)])
    assert (_found("one"), _found("two")) == ([], [entry.object_id])


def test_nothing_to_enter_is_nothing() -> None:
    index_rows([])
    assert SearchRow.objects.count() == 0


@COMMITTED
def test_a_rolled_back_entry_is_not_found() -> None:
    index_rows([_entry("kept words")])
    with transaction.atomic():
        index_rows([_entry("lost words")])
        transaction.set_rollback(True)
    assert len(_found("words")) == 1


def test_dropped_objects_are_not_found() -> None:
    gone, stays = _entry("words gone"), _entry("words stay")
    index_rows([gone, stays])
    drop_rows([gone.object_id])
    assert _found("words") == [stays.object_id]


def test_a_dropped_subject_takes_its_comments_along() -> None:
    task = _entry("words of a task")
    comment = _entry("words of a comment", kind="comment", subject=task.subject)
    index_rows([task, comment])
    drop_subjects([task.subject])
    assert _found("words") == []


def test_a_moved_subject_has_another_scope() -> None:
    task, scope = _entry("words"), uuid7()
    index_rows([task])
    move_scope([task.subject], scope)
    assert matching("words").filter(scope=scope).count() == 1


def test_closing_changes_the_order_and_not_the_words() -> None:
    one, other = _entry("words"), _entry("words")
    index_rows([one, other])
    mark_open([other.subject], is_open=False)
    assert _found("words") == [one.object_id, other.object_id]


def test_past_keys_find_an_object_and_the_present_one_ranks_it() -> None:
    moved, other = _entry("plain", codes=("NEW-1", "OLD-9")), _entry("mentions NEW-1", codes=("OPS-3",))
    index_rows([moved, other])
    assert _found("new-1") == [moved.object_id, other.object_id]
    assert _found("OLD-9") == [moved.object_id]


LONG_TEXTS = {
    "pairs": "".join(chr(0x4E00 + at % 20_000) + chr(0x4E00 + at // 5 % 20_000) for at in range(50_000)),
    "rare Han": "".join(chr(0x20000 + at % 40_000) for at in range(100_000)),
    "Cyrillic": "".join(chr(0x430 + at * 7 % 32) + (" " if at % 9 == 8 else "") for at in range(90_000)),
    "one word": "x" * 100_000,
    "expanding": "ﷺ" * 100_000,
    "letters": "a b " * 25_000,
    "words": " ".join(f"{at:05}" for at in range(16_000)),
}


@COMMITTED
@pytest.mark.parametrize("body", LONG_TEXTS.values(), ids=LONG_TEXTS)
def test_the_longest_texts_are_taken(body: str) -> None:
    entry = _entry("long text", body=body)
    index_rows([entry])
    assert _found("long") == [entry.object_id]
    assert _found(f"long {body[11:16]}") == [entry.object_id]

"""A small library of texts in many scripts, entered once for all cases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.core.search.library import TEXTS, Library
from workloom.core.ids import uuid7
from workloom.core.models import SearchRow
from workloom.core.search import IndexEntry, index_rows

START = datetime(2026, 1, 1, tzinfo=UTC)


def entry(name: str, scope: UUID, at: int) -> IndexEntry:
    text = TEXTS[name]
    key = uuid7()
    return IndexEntry(
        object_id=key,
        kind="task",
        scope=scope,
        subject=key,
        is_open=text.is_open,
        title=text.title,
        body=text.body,
        updated_at=START + timedelta(hours=at),
        codes=text.codes,
    )


@pytest.fixture(scope="module")
def library(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Library]:
    scope = uuid7()
    entries = {name: entry(name, scope, at) for at, name in enumerate(TEXTS)}
    with django_db_blocker.unblock():
        index_rows(list(entries.values()))
    yield Library(scope, {one.object_id: name for name, one in entries.items()})
    with django_db_blocker.unblock():
        SearchRow.objects.filter(scope=scope).delete()

"""Writing the index, inside the transaction of the change that it follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workloom.core.db import vendor
from workloom.core.instances import make_new
from workloom.core.models import SearchRow
from workloom.core.prepared import Update, prepared_update
from workloom.core.search.terms import codes_in
from workloom.core.search.tokens import DIVIDER, code_token, inner_tokens, short_tokens
from workloom.core.text import fold, search_text

_BATCH = 200
_WRITTEN = ["kind", "scope", "subject", "code", "is_open", "title", "body", "tokens", "updated_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """What the index is told of an object, in its original words.

    `codes` are keys that name the object, such as ENG-42: the present one first, then those of its past.
    """

    object_id: UUID
    kind: str
    scope: UUID
    subject: UUID
    is_open: bool
    title: str
    body: str
    updated_at: datetime
    codes: Sequence[str] = ()


def index_rows(entries: Sequence[IndexEntry]) -> None:
    """Enter objects, or replace what the index has of them; the last of two entries of one object counts."""
    latest = {entry.object_id: entry for entry in entries}
    SearchRow.objects.bulk_create(
        [_row(entry) for entry in latest.values()],
        batch_size=_BATCH,
        update_conflicts=True,
        update_fields=_WRITTEN,
        unique_fields=None if vendor() == "mysql" else ["object_id"],
    )


def new_rows(entries: Sequence[IndexEntry]) -> list[SearchRow]:
    """Return what is to be inserted of objects that the index has nothing of."""
    return [_row(entry) for entry in entries]


def drop_rows(object_ids: Iterable[UUID]) -> None:
    """Take objects out of the index."""
    SearchRow.objects.filter(object_id__in=list(object_ids)).delete()


def drop_subjects(subjects: Iterable[UUID]) -> None:
    """Take out all entries that are seen by these subjects' visibility: a task with its comments."""
    SearchRow.objects.filter(subject__in=list(subjects)).delete()


def move_scope(subjects: Iterable[UUID], scope: UUID) -> None:
    """Let all entries of these subjects belong to another scope."""
    SearchRow.objects.filter(subject__in=list(subjects)).update(scope=scope)


def mark_open(subjects: Sequence[UUID], is_open: bool) -> None:  # noqa: FBT001 - the value itself, no switch
    """Note whether subjects are open, which orders what is found, without indexing their texts again."""
    if subjects:
        _mark.hold(list(subjects), is_open=is_open)


@prepared_update
def _mark(subjects: list[UUID], *, is_open: bool) -> Update:
    return SearchRow.objects.filter(subject__in=subjects), {"is_open": is_open}


def _row(entry: IndexEntry) -> SearchRow:
    codes = [fold(code) for code in entry.codes]
    title, body = search_text(entry.title), search_text(entry.body)
    numbers = " ".join(code.rpartition("-")[2] for code in codes)
    # The end of the longest texts is not indexed everywhere: numbers come before.
    whole = " ".join(f"{title} {DIVIDER} {numbers} {DIVIDER} {body}".split())
    words = set(whole.split(" "))
    tokens = short_tokens(words) | {
        code_token(code) for code in {*codes, *codes_in(entry.title), *codes_in(entry.body)}
    }
    if vendor() == "mysql":
        tokens |= inner_tokens(words)
    return make_new(
        SearchRow,
        object_id=entry.object_id,
        kind=entry.kind,
        scope=entry.scope,
        subject=entry.subject,
        code=codes[0] if codes else "",
        is_open=entry.is_open,
        title=f" {title} ",
        body=f" {whole} ",
        tokens=f" {' '.join(sorted(tokens))} ",
        updated_at=entry.updated_at,
    )

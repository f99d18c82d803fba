"""Pages: by keyset (stable under writes, as fast on the last page as on the first) or, when asked for, by number."""

import base64
import binascii
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from django.db.models import F, Q, QuerySet

from workloom.core.conditions import Unpreparable
from workloom.core.errors import Invalid, Missing
from workloom.core.ids import parse_uuid
from workloom.core.listing import Listing, Order, Wanted, cursor_value
from workloom.core.prepared import is_whole

Row = TypeVar("Row", bound=msgspec.Struct)

DEFAULT_SIZE = 50
LARGEST_SIZE = 200


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows of one order; `back` reads towards the start."""

    ordering: str
    value: Any
    id: UUID
    back: bool = False

    def encode(self) -> str:
        """Return the opaque form that clients carry."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        return (
            base64.urlsafe_b64encode(msgspec.json.encode([self.ordering, value, self.id, self.back]))
            .decode()
            .rstrip("=")
        )


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for."""

    ordering: str
    size: int = DEFAULT_SIZE
    cursor: Cursor | None = None
    number: int | None = None
    count: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page; `following` and `preceding` are cursors or page numbers, None at the ends."""

    rows: list[Row]
    following: Cursor | int | None
    preceding: Cursor | int | None
    count: int | None = None


def decode_cursor(text: str, ordering: str, order: Order) -> Cursor:
    """Read a client's cursor; raises Invalid for one that is not ours or belongs to another order."""
    wrong = Invalid(
        "cursor", "invalid_cursor", "This cursor was not made by this list in this order. Start again without cursor."
    )
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        name, value, text_id, back = msgspec.json.decode(raw, type=tuple[str, Any, str, bool])
        key = parse_uuid(text_id)
        value = cursor_value(order.kind, value)
    except (ValueError, OverflowError, binascii.Error, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise wrong from error
    is_place = (value is not None or order.nullable) and "\x00" not in str(value)
    if name != ordering or key is None or not is_place:
        raise wrong
    return Cursor(ordering, value, key, back)


def read_page(
    found: QuerySet[Any], listing: Listing[Row], asked: PageRequest, wanted: Wanted, where: Q | None = None
) -> Page[Row]:
    """Read one page in one query plus one per nested relation (plus one count when asked for).

    Where `found` is a whole table and `where` says as data what of it is meant, the page's SQL is made once.
    """
    where = where or Q()
    order = listing.orders[asked.ordering.lstrip("-")]
    descending = asked.ordering.startswith("-")
    if asked.number is not None:
        prepared = listing.projection.prepared(found.filter(where))
        return _numbered(prepared, listing, asked, wanted, sorting(order, listing.tie, descending=descending))
    count = found.filter(where).count() if asked.count else None
    back = asked.cursor is not None and asked.cursor.back
    if asked.cursor:
        where = Q(where, beyond(order, listing.tie, asked.cursor, descending=descending != back))

    columns = listing.projection.columns
    read = [*columns, *[name for name in (order.field, listing.tie) if name not in columns]]
    value, key = read.index(order.field), read.index(listing.tie)

    def page_of(where: Q) -> QuerySet[Any, Any]:
        terms = sorting(order, listing.tie, descending=descending != back, reverse_nulls=back)
        rows = listing.projection.prepared(found).filter(where).order_by(*terms)[: asked.size + 1]
        return rows.values_list(*read)

    raw = _fetch(found, listing, (order, descending, back, asked.size), where, page_of)
    more = len(raw) > asked.size
    raw = raw[: asked.size]
    if back:
        raw.reverse()
    ends = (
        [Cursor(asked.ordering, line[value], line[key], back=at == 0) for at, line in enumerate((raw[0], raw[-1]))]
        if raw
        else []
    )
    if len(read) > len(columns):
        raw = [line[: len(columns)] for line in raw]
    rows = listing.projection.build(raw, wanted)
    following = ends[1] if ends and (more or back) else None
    preceding = ends[0] if ends and (more if back else asked.cursor is not None) else None
    return Page(rows, following, preceding, count)


def sorting(order: Order, tie: str, *, descending: bool, reverse_nulls: bool = False) -> list[Any]:
    """Return ORDER BY terms that end in the tie-breaker, NULLs last (first when read backwards)."""
    name = F(order.field)
    nulls = {"nulls_first" if reverse_nulls else "nulls_last": True} if order.nullable else {}
    return [name.desc(**nulls), F(tie).desc()] if descending else [name.asc(**nulls), F(tie).asc()]


def beyond(order: Order, tie: str, cursor: Cursor, *, descending: bool) -> Q:
    """Return the condition for rows behind the cursor in the direction read."""
    side = "lt" if descending else "gt"
    same_side = Q(**{f"{tie}__{side}": cursor.id})
    if cursor.value is None:
        empty = Q(**{f"{order.field}__isnull": True}) & same_side
        return empty | Q(**{f"{order.field}__isnull": False}) if cursor.back else empty
    value = {f"{order.field}__{side}": cursor.value}
    at_or_beyond = Q(**{f"{order.field}__{side}e": cursor.value}) & (Q(**value) | same_side)
    if order.nullable and not cursor.back:
        return at_or_beyond | Q(**{f"{order.field}__isnull": True})
    return at_or_beyond


def _fetch(
    found: QuerySet[Any], listing: Listing[Any], shape: Hashable, where: Q, page_of: Callable[[Q], QuerySet[Any, Any]]
) -> list[tuple[Any, ...]]:
    if not is_whole(found):
        return list(page_of(where))
    try:
        rows: list[tuple[Any, ...]] = listing.forms.run((found.model, shape), [where], page_of)
    except Unpreparable:
        return list(page_of(where))
    return rows


def _numbered(
    prepared: QuerySet[Any], listing: Listing[Row], asked: PageRequest, wanted: Wanted, order_by: Sequence[Any]
) -> Page[Row]:
    number = asked.number or 1
    count = prepared.count()
    last = max(1, -(-count // asked.size))
    if number > last:
        raise Missing("no_such_page", f"There are {last} pages of this size.")
    start = (number - 1) * asked.size
    found = prepared.order_by(*order_by)[start : start + asked.size]
    rows = listing.projection.build(list(found.values_list(*listing.projection.columns)), wanted)
    return Page(rows, number + 1 if number < last else None, number - 1 if number > 1 else None, count)

"""Query parameters: every name and value is known, or the answer says which are."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q
from django.http import QueryDict

from workloom.core.actor import Actor
from workloom.core.errors import FieldError, Invalid
from workloom.core.filters import BadValue, condition_of, read_flag
from workloom.core.ids import parse_uuid
from workloom.core.listing import Listing
from workloom.core.paging import DEFAULT_SIZE, LARGEST_SIZE, PageRequest, decode_cursor
from workloom.core.text import hint_at

PAGING = ("ordering", "page_size", "cursor", "page", "count")
SHAPING = ("fields", "expand")


@dataclass(frozen=True, slots=True)
class Shape:
    """Which fields of a row are shown (all when None), some made only on request, and which relations as objects."""

    fields: tuple[str, ...] | None = None
    expand: frozenset[str] = frozenset()
    on_request: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Tell whether the answer shows the object as it is stored, so that its version names it."""
        return self.fields is None and not self.expand

    def narrowed(self, row: Any) -> object:
        """Return what of a row was asked for."""
        if self.fields is None:
            return row
        make = self.on_request
        return {name: make[name](row) if name in make else getattr(row, name) for name in self.fields}


def refuse_unknown(sent: QueryDict, allowed: Collection[str], unprinted: Collection[str] = ()) -> None:
    """Raise Invalid naming each parameter that is not known here, and those that are, but for the unprinted."""
    unknown = [name for name in sent if name not in allowed and name not in unprinted]
    if not unknown:
        return
    names = sorted(allowed)
    listed = ", ".join(names) if names else "none"
    raise Invalid.many(
        [
            FieldError(name[:80], "unknown_parameter", _unknown(name, names) + f" Allowed: {listed}.")
            for name in unknown[:20]
        ]
    )


def _unknown(name: str, allowed: list[str]) -> str:
    return f"There is no parameter {name[:80]} here.{hint_at(name, allowed)}"


def shape_of(
    sent: QueryDict,
    row: type[msgspec.Struct],
    expandable: Iterable[str],
    on_request: Mapping[str, Callable[[Any], object]] | None = None,
) -> Shape:
    """Read `fields` and `expand`; raises Invalid for names off the list."""
    made = on_request or {}
    fields = _names(sent, "fields", (*row.__struct_fields__, *made))
    expand = _names(sent, "expand", tuple(expandable))
    return Shape(tuple(fields) if fields is not None else None, frozenset(expand or ()), made)


def _names(sent: QueryDict, parameter: str, allowed: tuple[str, ...]) -> list[str] | None:
    if parameter not in sent:
        return None
    names = [part.strip() for value in sent.getlist(parameter) for part in value.split(",") if part.strip()]
    unknown = [name for name in names if name not in allowed]
    if unknown:
        listed = ", ".join(allowed) or "none"
        raise Invalid(
            parameter, "invalid_value", f"“{unknown[0][:80]}” is not known to {parameter} here. Allowed: {listed}."
        )
    return list(dict.fromkeys(names))


def page_of(sent: QueryDict, listing: Listing[Any]) -> PageRequest:
    """Read which page is asked for; raises Invalid."""
    ordering = text_of(sent, "ordering") or listing.default
    sign, name = ("-", ordering[1:]) if ordering.startswith("-") else ("", ordering)
    ordering = sign + listing.aliases.get(name, name)
    if ordering not in listing.ordering_names:
        raise Invalid(
            "ordering",
            "invalid_value",
            f"“{ordering[:80]}” is no order of this list. Allowed, each also with - in front: {', '.join(listing.orders)}.",
        )
    if "page" in sent and "cursor" in sent:
        raise Invalid("page", "contradiction", "Send page or cursor, not both.")
    size = number_of(sent, "page_size", LARGEST_SIZE) or DEFAULT_SIZE
    number = number_of(sent, "page", 1_000_000_000)
    text = text_of(sent, "cursor")
    cursor = decode_cursor(text, ordering, listing.orders[ordering.lstrip("-")]) if text else None
    return PageRequest(ordering, size, cursor, number, count=_flag(sent, "count"))


def conditions_of(sent: QueryDict, listing: Listing[Any], actor: Actor) -> Q:
    """Join all filters sent, and those that hold unless they are."""
    joined, place = Q(), _place_of(sent, listing)
    for name in sent:
        given = listing.filter_named(name)
        if given is not None:
            joined &= condition_of(name, given, sent.getlist(name), actor, place)
    for name, condition in listing.hidden_unless.items():
        if name not in sent:
            joined &= condition
    return joined


def _place_of(sent: QueryDict, listing: Listing[Any]) -> UUID | None:
    """Return the one place that the list is of."""
    if not listing.place:
        return None
    named = [value for name in sent if listing.aliases.get(name, name) == listing.place for value in sent.getlist(name)]
    return parse_uuid(named[0]) if len(named) == 1 else None


def flag_of(sent: QueryDict, name: str) -> bool:
    """Read a parameter that is true or false, false when absent; raises Invalid."""
    return _flag(sent, name)


def text_of(sent: QueryDict, name: str) -> str | None:
    """Return a parameter that may be sent once; None when absent, raises Invalid."""
    values = sent.getlist(name)
    if len(values) > 1:
        raise Invalid(name, "one_value", f"{name} takes one value.")
    return values[0] if values else None


def number_of(sent: QueryDict, name: str, largest: int) -> int | None:
    """Read a whole number from 1 on; None when absent, raises Invalid."""
    text = text_of(sent, name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or not 1 <= int(text) <= largest:
        raise Invalid(name, "invalid_value", f"{name} takes a whole number from 1 to {largest:,}.")
    return int(text)


def _flag(sent: QueryDict, name: str) -> bool:
    text = text_of(sent, name)
    if text is None:
        return False
    try:
        return read_flag(text)
    except BadValue as error:
        raise Invalid(name, "invalid_value", f"{name}: {error}") from error

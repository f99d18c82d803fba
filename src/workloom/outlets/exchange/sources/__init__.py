"""One reader for each format; all give the same plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from workloom.core.errors import Invalid
from workloom.core.text import hint_at
from workloom.outlets.exchange.plan import Plan
from workloom.outlets.exchange.sources.csv_file import read_csv
from workloom.outlets.exchange.sources.github import read_github
from workloom.outlets.exchange.sources.trello import read_trello


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller says about the file: which column is which field, and the zone of times without one."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"


_READERS: Final[Mapping[str, Callable[[Path | BinaryIO, Wishes], Plan]]] = {
    "trello": lambda source, _: read_trello(source),
    "github": lambda source, _: read_github(source),
    "csv": lambda source, wishes: read_csv(source, wishes.mapping, wishes.zone),
}
KINDS: Final = tuple(_READERS)


def read_plan(kind: str, source: Path | BinaryIO, wishes: Wishes | None = None) -> Plan:
    """Read a file of that kind; raise Unreadable when it is not one."""
    wishes = wishes or Wishes()
    check_kind(kind, wishes.mapping)
    return _READERS[kind](source, wishes)


def check_kind(kind: str, mapping: Mapping[str, str]) -> None:
    """Raise Invalid for a kind that is not read, or a mapping where there are no columns."""
    if kind not in _READERS:
        kinds = ", ".join(KINDS)
        raise Invalid(
            "kind", "unknown_kind", f"{kind!r} is not a kind of import.{hint_at(kind, KINDS)} Kinds: {kinds}."
        )
    if mapping and kind != "csv":
        raise Invalid(
            "map", "not_for_this_kind", f"map says which column is which field; {kind} has none. Leave it out."
        )

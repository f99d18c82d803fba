"""What links there are, seen from both ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from workloom.core.text import slug


@dataclass(frozen=True, slots=True)
class LinkInput:
    """A link as it was sent: what this task is to the other one."""

    kind: str
    task: str


@dataclass(frozen=True, slots=True)
class Sense:
    """How a kind is stored: by which name, and whether the task that says it is the source."""

    kind: str
    is_outgoing: bool


SENSES: Mapping[str, Sense] = {
    "blocks": Sense("blocks", is_outgoing=True),
    "blocked_by": Sense("blocks", is_outgoing=False),
    "relates": Sense("relates", is_outgoing=True),
    "duplicates": Sense("duplicates", is_outgoing=True),
    "duplicated_by": Sense("duplicates", is_outgoing=False),
}
_WORDS = {**{name: name for name in SENSES}, "relates_to": "relates", "is_blocked_by": "blocked_by"}
_WORDS |= {"is_duplicated_by": "duplicated_by"}


def read_kind(text: str) -> str | None:
    """Read a kind in any case and with - or space for _; None for what is none."""
    return _WORDS.get(slug(text))


def kind_seen(kind: str, *, is_outgoing: bool) -> str:
    """Return what a stored kind is called from one of its ends."""
    if kind == "relates" or is_outgoing:
        return kind
    return next(name for name, sense in SENSES.items() if sense.kind == kind and not sense.is_outgoing)


def pair_of(one: UUID, other: UUID) -> str:
    """Return the one name of two tasks."""
    low, high = sorted((one, other))
    return low.hex + high.hex


def ends_of(sense: Sense, this: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Return source and target as they are stored."""
    if sense.kind == "relates":
        low, high = sorted((this, other))
        return low, high
    return (this, other) if sense.is_outgoing else (other, this)

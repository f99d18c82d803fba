"""What callers want of checklists, and where things stand on them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from msgspec import UNSET, UnsetType

from workloom.core.errors import Invalid

MOST_CHECKLISTS = 100
MOST_ITEMS = 1000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChecklistInput:
    """A checklist as it was sent; absent fields keep their value."""

    name: str | UnsetType = UNSET
    position: int | UnsetType = UNSET
    after: UUID | None | UnsetType = UNSET
    id: UUID | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class ItemInput:
    """An item as it was sent; absent fields keep their value."""

    text: str | UnsetType = UNSET
    done: bool | UnsetType = UNSET
    position: int | UnsetType = UNSET
    after: UUID | None | UnsetType = UNSET
    assignee: UUID | None | UnsetType = UNSET
    id: UUID | UnsetType = UNSET


def is_mere_tick(sent: Collection[str]) -> bool:
    """Tell whether a change does nothing but tick or untick, which is also for the item's assignee."""
    return bool(sent) and set(sent) <= {"done"}


def place_among(others: Sequence[UUID], wanted: Any, *, default: int) -> int:
    """Return the place that `position` or `after` of an input ask for among the other rows in their order.

    A position past the end is the end, `after: null` the beginning; raises Invalid for both at once or an unknown neighbour.
    """
    if wanted.after is not UNSET and wanted.position is not UNSET:
        raise Invalid("after", "contradiction", "Send position or after, not both.")
    if wanted.position is not UNSET:
        return min(int(wanted.position), len(others))
    if wanted.after is UNSET:
        return default
    if wanted.after is None:
        return 0
    if wanted.after not in others:
        raise Invalid("after", "unknown_neighbour", "There is nothing with this id here to stand behind.")
    return others.index(wanted.after) + 1

"""What a board is to be: values between the doors and the actions."""

from dataclasses import dataclass
from uuid import UUID

from msgspec import UNSET, UnsetType

FIRST_NAME = "Board"


@dataclass(frozen=True, slots=True)
class ColumnWish:
    """A column to be; with an `id` it is one that the board has and absent fields stay. `statuses` are slugs or labels.

    A new one without `statuses` takes the status that its name names, if that is free.
    """

    id: UUID | UnsetType = UNSET
    name: str | UnsetType = UNSET
    statuses: tuple[str, ...] | UnsetType = UNSET
    wip_limit: int | UnsetType | None = UNSET
    is_archived: bool | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class NewBoard:
    """A board to be made; without `columns` it gets one per status."""

    name: str
    id: UUID | UnsetType = UNSET
    project: UUID | UnsetType = UNSET
    position: int | UnsetType = UNSET
    columns: tuple[ColumnWish, ...] | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class BoardWish:
    """What a board is to be; absent parts stay."""

    name: str | UnsetType = UNSET
    position: int | UnsetType = UNSET
    columns: tuple[ColumnWish, ...] | UnsetType = UNSET

"""How names of labels and categories are compared, and what one is to be."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from msgspec import UNSET, UnsetType

from workloom.core.text import fold

LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class NewTag:
    """A label or category to be; without project and workspace it belongs to the personal workspace."""

    name: str
    id: UUID | UnsetType = UNSET
    colour: str | UnsetType = UNSET
    project: UUID | UnsetType | None = UNSET
    workspace: UUID | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class TagWish:
    """What a label or category is to be; absent parts stay."""

    name: str | UnsetType = UNSET
    colour: str | UnsetType = UNSET


def name_key(name: str) -> str:
    """Return the key under which names that differ only in case are the same; long ones end in a hash."""
    key = fold(name)
    return key if len(key) <= LONGEST_KEY else key[:190] + hashlib.sha256(key.encode()).hexdigest()

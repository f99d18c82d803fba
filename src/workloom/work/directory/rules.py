"""What an operator may want of a person."""

from dataclasses import dataclass

from msgspec import UNSET, UnsetType


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """Another role in the installation, or in or out of it."""

    role: str | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET

"""Decisions about comments, and what callers want of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import UNSET, UnsetType

KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CommentInput:
    """A new comment as it was sent."""

    body: str
    parent: UUID | None = None
    id: UUID | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class EditInput:
    """Another text for a comment."""

    body: str | UnsetType = UNSET


def can_come_back(deleted_at: datetime, now: datetime) -> bool:
    """Tell whether a deleted comment still lies in the trash."""
    return now - deleted_at < KEPT_FOR

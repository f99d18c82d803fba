"""What a board's columns are to be: values between the doors and the actions."""

from dataclasses import dataclass
from uuid import UUID

FIRST_NAME = "Board"


@dataclass(frozen=True, slots=True)
class ColumnDraft:
    """A column to be; with an `id` it is one that the board has. `statuses` are slugs or labels."""

    name: str
    statuses: tuple[str, ...] = ()
    id: UUID | None = None
    wip_limit: int | None = None
    is_archived: bool = False

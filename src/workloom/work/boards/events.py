"""What this room records."""

from typing import ClassVar

from workloom.events.record import Event


class BoardCreated(Event):
    """A board came."""

    type: ClassVar[str] = "board.created"
    object_type: ClassVar[str] = "board"


class BoardUpdated(Event):
    """A board or its columns changed."""

    type: ClassVar[str] = "board.updated"
    object_type: ClassVar[str] = "board"


class BoardDeleted(Event):
    """A board went; its tasks moved to another one."""

    type: ClassVar[str] = "board.deleted"
    object_type: ClassVar[str] = "board"

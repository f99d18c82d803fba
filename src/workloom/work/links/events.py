"""What the log says of links: each is told on both tasks, from its own side; of the other task it has no more than the id."""

from typing import ClassVar

from workloom.events.record import Event


class LinkEvent(Event):
    """Seen by whoever may see the task that is its subject."""

    object_type: ClassVar[str] = "link"


class LinkAdded(LinkEvent):
    """Two tasks are linked, told on each from its own side: `kind`, `task`."""

    type: ClassVar[str] = "link.added"


class LinkRemoved(LinkEvent):
    """A link was taken away, told on each task from its own side: `kind`, `task`."""

    type: ClassVar[str] = "link.removed"

"""What this room records."""

from typing import ClassVar

from workloom.events.record import Event


class LabelCreated(Event):
    """A label came."""

    type: ClassVar[str] = "label.created"
    object_type: ClassVar[str] = "label"


class LabelUpdated(Event):
    """A label got another name or colour."""

    type: ClassVar[str] = "label.updated"
    object_type: ClassVar[str] = "label"


class LabelDeleted(Event):
    """A label went, from its tasks too."""

    type: ClassVar[str] = "label.deleted"
    object_type: ClassVar[str] = "label"


class CategoryCreated(Event):
    """A category came."""

    type: ClassVar[str] = "category.created"
    object_type: ClassVar[str] = "category"


class CategoryUpdated(Event):
    """A category got another name or colour."""

    type: ClassVar[str] = "category.updated"
    object_type: ClassVar[str] = "category"


class CategoryDeleted(Event):
    """A category went, from its tasks too."""

    type: ClassVar[str] = "category.deleted"
    object_type: ClassVar[str] = "category"

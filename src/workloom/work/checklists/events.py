"""What the log says of checklists: the subject is the task, whose key stands for what has none."""

from typing import ClassVar

from workloom.events.record import Event


class ChecklistEvent(Event):
    """Seen by whoever may see the task."""

    object_type: ClassVar[str] = "checklist"


class ChecklistCreated(ChecklistEvent):
    type: ClassVar[str] = "checklist.created"


class ChecklistUpdated(ChecklistEvent):
    type: ClassVar[str] = "checklist.updated"


class ChecklistDeleted(ChecklistEvent):
    type: ClassVar[str] = "checklist.deleted"


class ItemEvent(Event):
    """As above; the checklist stands in the changes of its first event."""

    object_type: ClassVar[str] = "checklist_item"


class ItemCreated(ItemEvent):
    type: ClassVar[str] = "checklist.item_created"


class ItemUpdated(ItemEvent):
    type: ClassVar[str] = "checklist.item_updated"


class ItemDeleted(ItemEvent):
    type: ClassVar[str] = "checklist.item_deleted"

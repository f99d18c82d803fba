"""What the log says of checklists: the subject is the task, whose key stands for what has none."""

from typing import ClassVar

from workloom.events.record import Event


class ChecklistEvent(Event):
    """Seen by whoever may see the task."""

    object_type: ClassVar[str] = "checklist"


class ChecklistCreated(ChecklistEvent):
    """A checklist was put on a task: `name`."""

    type: ClassVar[str] = "checklist.created"


class ChecklistUpdated(ChecklistEvent):
    """A checklist has another `name` or `position`."""

    type: ClassVar[str] = "checklist.updated"


class ChecklistDeleted(ChecklistEvent):
    """A checklist was deleted with its items: `name`."""

    type: ClassVar[str] = "checklist.deleted"


class ItemEvent(Event):
    """As above; the checklist stands in the changes of its first event."""

    object_type: ClassVar[str] = "checklist_item"


class ItemCreated(ItemEvent):
    """An item was put on a checklist: `checklist`, `text`, `done`, `assignee`."""

    type: ClassVar[str] = "checklist.item_created"


class ItemUpdated(ItemEvent):
    """An item was ticked, worded anew, moved or given to somebody: `done`, `text`, `position`, `assignee`."""

    type: ClassVar[str] = "checklist.item_updated"


class ItemDeleted(ItemEvent):
    """An item was deleted: `text`."""

    type: ClassVar[str] = "checklist.item_deleted"

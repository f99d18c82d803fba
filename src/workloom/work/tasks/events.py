"""What the log says of tasks."""

from typing import ClassVar

from workloom.events.record import Event


class TaskEvent(Event):
    """Seen by whoever may see the task."""

    object_type: ClassVar[str] = "task"


class TaskCreated(TaskEvent):
    type: ClassVar[str] = "task.created"


class TaskUpdated(TaskEvent):
    type: ClassVar[str] = "task.updated"


class TaskStatusChanged(TaskEvent):
    type: ClassVar[str] = "task.status_changed"


class TaskAssigned(TaskEvent):
    type: ClassVar[str] = "task.assigned"


class TaskMoved(TaskEvent):
    """Its place in the order, its board or its project changed."""

    type: ClassVar[str] = "task.moved"


class TaskTrashed(TaskEvent):
    type: ClassVar[str] = "task.deleted"


class TaskRestored(TaskEvent):
    type: ClassVar[str] = "task.restored"


class TaskPurged(TaskEvent):
    type: ClassVar[str] = "task.purged"


class WatchersChanged(TaskEvent):
    type: ClassVar[str] = "task.watchers_changed"

"""What the log says of tasks."""

from typing import ClassVar

from workloom.events.record import Event


class TaskEvent(Event):
    """Seen by whoever may see the task."""

    object_type: ClassVar[str] = "task"


class TaskCreated(TaskEvent):
    """A task was made, with its first values: `title`, `status`, `priority`, `assignees`, `labels` and the like."""

    type: ClassVar[str] = "task.created"
    only_adds: ClassVar[bool] = True


class TaskUpdated(TaskEvent):
    """Fields of a task changed: `title`, `description`, `priority`, `labels`, `due_date`, `parent` and the like."""

    type: ClassVar[str] = "task.updated"


class TaskStatusChanged(TaskEvent):
    """A task has another `status`, by its slug."""

    type: ClassVar[str] = "task.status_changed"


class TaskAssigned(TaskEvent):
    """Other people work on a task: `assignees`, the whole lists."""

    type: ClassVar[str] = "task.assigned"


class TaskMoved(TaskEvent):
    """A task has another place in the order, another board or another project: `rank`, `board`, `project`, `key`."""

    type: ClassVar[str] = "task.moved"


class TaskLeft(TaskEvent):
    """It went to another project: told to those who stay behind, with its old key and no more."""

    type: ClassVar[str] = "task.left"


class TaskTrashed(TaskEvent):
    """A task went to the trash; its subtasks tell their own: `title`."""

    type: ClassVar[str] = "task.deleted"


class TaskRestored(TaskEvent):
    """A task came back out of the trash: `title`."""

    type: ClassVar[str] = "task.restored"


class TaskPurged(TaskEvent):
    """A task is gone for good; nothing of it is told any more."""

    type: ClassVar[str] = "task.purged"


class TaskBreached(TaskEvent):
    """A task is past its due date, in its project's zone, and neither done nor cancelled: `sla_breached`.

    Told once for each due date, within a minute.
    """

    type: ClassVar[str] = "task.sla_breached"


class WatchersChanged(TaskEvent):
    """Somebody wants to be told of a task, or no longer: `watcher`."""

    type: ClassVar[str] = "task.watchers_changed"


class TasksRespaced(Event):
    """The server gave all tasks of a project shorter ranks, in the order that they had: `rank` of each is another one."""

    type: ClassVar[str] = "project.respaced"
    object_type: ClassVar[str] = "project"

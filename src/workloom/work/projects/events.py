"""What this room records. Members are part of a project, so their events raise its version."""

from typing import ClassVar

from workloom.events.record import Event


class ProjectEvent(Event):
    object_type: ClassVar[str] = "project"


class ProjectCreated(ProjectEvent):
    """A project was made: `key`, `name`, `description`, `owner`, `time_zone`, `members`."""

    type: ClassVar[str] = "project.created"


class ProjectUpdated(ProjectEvent):
    """Fields of a project changed: `name`, `key`, `description`, `owner`, `default_assignee` and the like."""

    type: ClassVar[str] = "project.updated"


class ProjectTrashed(ProjectEvent):
    """A project went to the trash with all that is in it."""

    type: ClassVar[str] = "project.trashed"


class ProjectRestored(ProjectEvent):
    """A project came back out of the trash."""

    type: ClassVar[str] = "project.restored"


class ProjectPurged(ProjectEvent):
    """Deleted for good, 30 days after it went to the trash."""

    type: ClassVar[str] = "project.purged"


class MemberAdded(ProjectEvent):
    """Somebody is in a project now: `members` with their id, `role`."""

    type: ClassVar[str] = "member.added"


class MemberUpdated(ProjectEvent):
    """Somebody has another `role` in a project."""

    type: ClassVar[str] = "member.updated"


class MemberRemoved(ProjectEvent):
    """Somebody is no longer in a project: `members` with their id, `role`."""

    type: ClassVar[str] = "member.removed"

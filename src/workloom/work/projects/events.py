"""What this room records. Members are part of a project, so their events raise its version."""

from typing import ClassVar

from workloom.events.record import Event


class ProjectEvent(Event):
    object_type: ClassVar[str] = "project"


class ProjectCreated(ProjectEvent):
    type: ClassVar[str] = "project.created"


class ProjectUpdated(ProjectEvent):
    type: ClassVar[str] = "project.updated"


class ProjectTrashed(ProjectEvent):
    type: ClassVar[str] = "project.trashed"


class ProjectRestored(ProjectEvent):
    type: ClassVar[str] = "project.restored"


class ProjectPurged(ProjectEvent):
    """Deleted for good, 30 days after it went to the trash."""

    type: ClassVar[str] = "project.purged"


class MemberAdded(ProjectEvent):
    type: ClassVar[str] = "member.added"


class MemberUpdated(ProjectEvent):
    type: ClassVar[str] = "member.updated"


class MemberRemoved(ProjectEvent):
    type: ClassVar[str] = "member.removed"

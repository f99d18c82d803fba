"""What this room records."""

from typing import ClassVar

from workloom.events.record import Audience, Event


class WorkspaceEvent(Event):
    object_type: ClassVar[str] = "workspace"


class WorkspaceCreated(WorkspaceEvent):
    type: ClassVar[str] = "workspace.created"


class WorkspaceUpdated(WorkspaceEvent):
    type: ClassVar[str] = "workspace.updated"


class WorkspaceDeleted(WorkspaceEvent):
    type: ClassVar[str] = "workspace.deleted"


class WorkspaceMemberEvent(Event):
    object_type: ClassVar[str] = "workspace_member"


class WorkspaceMemberAdded(WorkspaceMemberEvent):
    type: ClassVar[str] = "workspace.member_added"


class WorkspaceMemberUpdated(WorkspaceMemberEvent):
    type: ClassVar[str] = "workspace.member_updated"


class WorkspaceMemberRemoved(WorkspaceMemberEvent):
    type: ClassVar[str] = "workspace.member_removed"


class InvitationEvent(Event):
    """Addresses of people who have no account yet are for admins."""

    object_type: ClassVar[str] = "invitation"
    audience: ClassVar[Audience] = Audience.ADMINS


class InvitationCreated(InvitationEvent):
    type: ClassVar[str] = "invitation.created"


class InvitationRenewed(InvitationEvent):
    type: ClassVar[str] = "invitation.renewed"


class InvitationAccepted(InvitationEvent):
    type: ClassVar[str] = "invitation.accepted"


class InvitationWithdrawn(InvitationEvent):
    type: ClassVar[str] = "invitation.withdrawn"

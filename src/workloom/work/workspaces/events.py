"""What this room records."""

from typing import ClassVar

from workloom.events.record import Audience, Event


class WorkspaceEvent(Event):
    object_type: ClassVar[str] = "workspace"


class WorkspaceCreated(WorkspaceEvent):
    """A workspace was made: `name`, `slug`."""

    type: ClassVar[str] = "workspace.created"


class WorkspaceUpdated(WorkspaceEvent):
    """A workspace has another `name` or `slug`."""

    type: ClassVar[str] = "workspace.updated"


class WorkspaceDeleted(WorkspaceEvent):
    """A workspace without live projects was deleted: `name`, `slug`."""

    type: ClassVar[str] = "workspace.deleted"


class WorkspaceMemberEvent(Event):
    object_type: ClassVar[str] = "workspace_member"


class WorkspaceMemberAdded(WorkspaceMemberEvent):
    """Somebody is in a workspace now: `user`, `role`."""

    type: ClassVar[str] = "workspace.member_added"


class WorkspaceMemberUpdated(WorkspaceMemberEvent):
    """Somebody has another `role` in a workspace."""

    type: ClassVar[str] = "workspace.member_updated"


class WorkspaceMemberRemoved(WorkspaceMemberEvent):
    """Somebody is no longer in a workspace: `user`, `role`."""

    type: ClassVar[str] = "workspace.member_removed"


class InvitationEvent(Event):
    """Addresses of people who have no account yet are for admins."""

    object_type: ClassVar[str] = "invitation"
    audience: ClassVar[Audience] = Audience.ADMINS


class InvitationCreated(InvitationEvent):
    """An address was invited: `email`, `role`."""

    type: ClassVar[str] = "invitation.created"


class InvitationRenewed(InvitationEvent):
    """An address was invited again, with a new secret: `email`, `role`."""

    type: ClassVar[str] = "invitation.renewed"


class InvitationAccepted(InvitationEvent):
    """An invited person took the place kept for them: `email`, `role`."""

    type: ClassVar[str] = "invitation.accepted"


class InvitationWithdrawn(InvitationEvent):
    """An invitation was taken back: `email`, `role`."""

    type: ClassVar[str] = "invitation.withdrawn"

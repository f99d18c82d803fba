"""What the API shows of notifications."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from workloom.people.accounts.rows import ChannelsRow, PersonRow
from workloom.work.projects.rows import ProjectBrief
from workloom.work.tasks.rows import TaskBrief


class NotificationRow(msgspec.Struct, frozen=True):
    """One thing that you were told; `message` says it in your language, of the task as it is called now.

    `event` is the event of the log that it tells of, null for a reminder; `comment` the comment, while it is there.
    """

    id: UUID
    user: UUID | PersonRow
    kind: Annotated[str, msgspec.Meta(examples=["assigned"])]
    message: Annotated[str, msgspec.Meta(examples=["Grace assigned ENG-42 “Write the release notes” to you"])]
    task: UUID | TaskBrief
    actor: UUID | PersonRow | None
    comment: UUID | None
    event: UUID | None
    is_read: bool
    read_at: datetime | None
    version: int
    created_at: datetime

    @property
    def is_aged(self) -> bool:
        """Its words change with the task and the names in them, and raise no version."""
        return True


class UnreadRow(msgspec.Struct, frozen=True):
    """How many notifications you have not read."""

    unread_count: int


class ReadAllRow(msgspec.Struct, frozen=True):
    """How many were marked, and how many are unread now: those that came in the meantime."""

    marked: int
    unread_count: int


class OverrideRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was said of one kind for one project; what is absent is as in your profile."""

    in_app: bool | msgspec.UnsetType = msgspec.UNSET
    mail: Annotated[str, msgspec.Meta(examples=["digest"])] | msgspec.UnsetType = msgspec.UNSET


class PreferenceRow(msgspec.Struct, frozen=True):
    """What you want to be told of one project: `kinds` is what you said of it, `effective` what holds with your profile."""

    project: UUID | ProjectBrief
    kinds: Annotated[dict[str, OverrideRow], msgspec.Meta(examples=[{"commented": {"mail": "now"}}])]
    effective: Annotated[
        dict[str, ChannelsRow], msgspec.Meta(examples=[{"commented": {"in_app": True, "mail": "now"}}])
    ]
    version: int
    updated_at: datetime | None

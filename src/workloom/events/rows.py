"""What the log shows of an event, to people and to its consumers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class EventActor(msgspec.Struct, frozen=True):
    """Who did it; the name is empty once erased."""

    id: UUID | None
    type: str
    name: str


class EventObject(msgspec.Struct, frozen=True):
    """What it was done to, and the version that it had afterwards."""

    id: UUID
    type: str
    key: str
    version: int


class EventContext(msgspec.Struct, frozen=True):
    """Where it came from; address and agent are for project admins."""

    request_id: str
    via: str
    ip: str | None = None
    user_agent: str | None = None


class EventRow(msgspec.Struct, frozen=True):
    """One event of the log."""

    seq: int | None
    id: UUID
    type: str
    occurred_at: datetime
    actor: EventActor
    workspace: UUID | None
    project: UUID | None
    subject: UUID | None
    object: EventObject
    changes: dict[str, Any]
    context: EventContext


@dataclass(frozen=True, slots=True)
class Published:
    """One numbered event as a consumer gets it: everything that was written, personal values among the changes."""

    seq: int
    id: UUID
    type: str
    occurred_at: datetime
    actor_id: UUID | None
    actor_kind: str
    workspace_id: UUID | None
    project_id: UUID | None
    subject_id: UUID | None
    audience: str
    object_type: str
    object_id: UUID
    object_key: str
    object_version: int
    via: str
    request_id: str
    actor_name: str
    changes: dict[str, Any]

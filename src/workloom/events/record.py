"""Writing to the log: one call, inside the transaction of the change."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.context import current_context
from workloom.core.db import after_commit, vendor
from workloom.core.ids import uuid7
from workloom.events.models import LogRow
from workloom.events.publish import publish

PERSONAL = frozenset(
    {"title", "description", "body", "name", "text", "email", "username", "bio", "message", "url", "label"}
)
"""Changed fields whose values are personal: they go to the erasable column."""


class Audience(StrEnum):
    """Who may read an event, beside the installation's operators."""

    MEMBERS = "members"
    """Whoever may see the subject (a task), or reads the whole project or workspace."""
    ADMINS = "admins"
    """The project's or workspace's admins."""
    PERSON = "person"
    """The actor alone: sign-ins, own tokens."""
    OPERATORS = "operators"


class OutsideTransaction(RuntimeError):
    """A change and its event must be written together."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One change of one object. Subclasses name the type; fields in `changes` hold [old, new]."""

    type: ClassVar[str]
    object_type: ClassVar[str]
    audience: ClassVar[Audience] = Audience.MEMBERS
    known: ClassVar[dict[str, Any]] = {}
    """Every type of event by its name: the catalogue."""

    object_id: UUID
    key: str = ""
    version: int = 0
    workspace: UUID | None = None
    project: UUID | None = None
    subject: UUID | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Enter the type in the catalogue."""
        super().__init_subclass__(**kwargs)
        if "type" in cls.__dict__:
            Event.known[cls.type] = cls


def record(event: Event, *, actor: Actor, at: datetime | None = None) -> UUID:
    """Write one event; raises OutsideTransaction. `at` is for imports, which know the true time."""
    return record_many([event], actor=actor, at=[at] if at else None)[0]


def record_many(events: Sequence[Event], *, actor: Actor, at: Sequence[datetime | None] | None = None) -> list[UUID]:
    """Write several events in one statement, in their order."""
    if not connection.in_atomic_block:
        raise OutsideTransaction("record was called outside a transaction; make the caller a @write action.")
    times = at or [None] * len(events)
    rows = [_row(event, actor, moment) for event, moment in zip(events, times, strict=True)]
    LogRow.objects.bulk_create(rows, batch_size=500)
    if vendor() == "sqlite":
        publish()
    else:
        after_commit(publish)
    return [row.id for row in rows]


def _row(event: Event, actor: Actor, at: datetime | None) -> LogRow:
    context = current_context()
    personal = {name: list(pair) for name, pair in event.changes.items() if name in PERSONAL}
    public = {name: list(pair) for name, pair in event.changes.items() if name not in PERSONAL}
    private = {"actor": actor.name, "ip": context.ip, "user_agent": context.user_agent, "changes": personal}
    salt = secrets.token_hex(16)
    return LogRow(
        id=uuid7(),
        type=event.type,
        occurred_at=at or now(),
        actor_id=actor.id,
        actor_kind=str(actor.kind),
        workspace_id=event.workspace,
        project_id=event.project,
        subject_id=event.subject,
        audience=str(event.audience),
        object_type=event.object_type,
        object_id=event.object_id,
        object_key=event.key,
        object_version=event.version,
        changes=_plain(public),
        via=context.via,
        request_id=context.request_id,
        private=_plain(private),
        salt=salt,
        commitment=commitment(salt, _plain(private)),
    )


def commitment(salt: str, private: Any) -> str:
    """Return SHA-256(salt ‖ private): what the hash chain covers in place of what may be erased."""
    return hashlib.sha256(salt.encode() + canonical(private)).hexdigest()


def canonical(value: Any) -> bytes:
    """Return the one spelling of a JSON value that hashes are made of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)

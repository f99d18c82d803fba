"""Writing to the log: one call, inside the transaction of the change."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from json import JSONEncoder
from typing import Any, ClassVar, Final
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.context import current_context
from workloom.core.db import write_at_the_end, write_kept
from workloom.core.ids import uuid7
from workloom.core.statements import own_connection
from workloom.events.lines import ADDING, AT_ONCE, Line
from workloom.events.publish import enter, enter_unnumbered

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
    only_adds: ClassVar[bool] = False
    """The change makes rows and counts them, alone; nothing that other rows may point at goes or gets another key in it."""
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
            if cls.only_adds:
                ADDING.add(cls.type)


def record(event: Event, *, actor: Actor, at: datetime | None = None) -> UUID:
    """Write one event; raises OutsideTransaction. `at` is for imports, which know the true time."""
    return record_many([event], actor=actor, at=[at] if at else None)[0]


def record_many(events: Sequence[Event], *, actor: Actor, at: Sequence[datetime | None] | None = None) -> list[UUID]:
    """Write several events in their order; the log gets them with the end of the transaction's outermost action."""
    if not own_connection().in_atomic_block:
        raise OutsideTransaction("record was called outside a transaction; make the caller a @write action.")
    times = at or [None] * len(events)
    lines = [_line(event, actor, moment) for event, moment in zip(events, times, strict=True)]
    if len(lines) > AT_ONCE:
        write_kept()
        enter_unnumbered(lines)
    else:
        write_at_the_end(enter, lines, early=enter_unnumbered)
    return [line[0] for line in lines]


def _line(event: Event, actor: Actor, at: datetime | None) -> Line:
    """Return an event's values in the order of the log's columns."""
    context = current_context()
    personal = {name: pair for name, pair in event.changes.items() if name in PERSONAL}
    public = {name: pair for name, pair in event.changes.items() if name not in PERSONAL} if personal else event.changes
    private = _spelling({"actor": actor.name, "ip": context.ip, "user_agent": context.user_agent, "changes": personal})
    salt = secrets.token_hex(16)
    return (
        uuid7(),
        event.type,
        at.astimezone(UTC) if at else now(),
        actor.id,
        str(actor.kind),
        event.workspace,
        event.project,
        event.subject,
        str(event.audience),
        event.object_type,
        event.object_id,
        event.key,
        event.version,
        _spelling(public),
        context.via,
        context.request_id,
        private,
        salt,
        _digest(salt, private),
    )


def commitment(salt: str, private: Any) -> str:
    """Return SHA-256(salt ‖ private): what the hash chain covers in place of what may be erased."""
    return _digest(salt, _spelling(private))


def _digest(salt: str, spelled: str) -> str:
    return hashlib.sha256(f"{salt}{spelled}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return list(value)
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)


_spelling: Final = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain).encode
"""The one spelling of a JSON value, of which hashes are made."""

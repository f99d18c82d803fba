"""Who is told of an event, and why: the strongest reason of each person, and never who did it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from workloom.core.ids import parse_uuid
from workloom.core.markdown import mentions
from workloom.people.accounts.rules.notices import NoticeKind

Changes = Mapping[str, Any]
TO_ALL: Final[Mapping[str, NoticeKind]] = {
    "task.status_changed": NoticeKind.STATUS_CHANGED,
    "task.sla_breached": NoticeKind.SLA_BREACHED,
    "task.sla_warning": NoticeKind.SLA_WARNING,
    "comment.created": NoticeKind.COMMENTED,
}
"""Events of which everybody around a task is told."""
TO_SOME: Final = frozenset({"task.created", "task.updated", "task.assigned", "comment.created", "comment.updated"})
"""Events that may call somebody by name."""
MOST_NAMES: Final = 100


@dataclass(frozen=True, slots=True)
class Around:
    """The people around a task; who muted it is told of nothing that does not call them by name."""

    reporter: UUID
    assignees: frozenset[UUID]
    watchers: frozenset[UUID]
    muted: frozenset[UUID]

    @property
    def everyone(self) -> frozenset[UUID]:
        """Return all who are told of what happens to it."""
        return (self.assignees | self.watchers | {self.reporter}) - self.muted

    @property
    def reminded(self) -> frozenset[UUID]:
        """Return who is reminded of its date: the reporter only where nobody works on it, or when watching."""
        workers = self.assignees or frozenset({self.reporter})
        return (workers | self.watchers) - self.muted


def is_told(event_type: str) -> bool:
    """Tell whether anybody can have to be told of such an event."""
    return event_type in TO_ALL or event_type in TO_SOME


def is_for_all(event_type: str) -> bool:
    """Tell whether everybody around the task is told."""
    return event_type in TO_ALL


def calls_somebody(changes: Changes) -> bool:
    """Tell whether an event can call people by name: most edits of a task do not."""
    return bool(assigned_by(changes) or mentioned_by(changes) or names_in_description(changes))


def assigned_by(changes: Changes) -> frozenset[UUID]:
    """Return who works on a task from this event on."""
    return _added(changes, "assignees")


def mentioned_by(changes: Changes) -> frozenset[UUID]:
    """Return whom a comment names that did not name them before."""
    return _added(changes, "mentions")


def names_in_description(changes: Changes) -> list[str]:
    """Return the folded names that a description has from this event on."""
    old, new = changes.get("description") or (None, None)
    return sorted(mentions(new or "") - mentions(old or ""))[:MOST_NAMES] if new else []


def _added(changes: Changes, field: str) -> frozenset[UUID]:
    old, new = changes.get(field) or (None, None)
    return frozenset(_ids(new or ())) - frozenset(_ids(old or ()))


def _ids(values: Iterable[object]) -> Iterator[UUID]:
    return (key for key in map(parse_uuid, values) if key is not None)


def strongest(reasons: Iterable[tuple[NoticeKind, Collection[UUID]]], *, actor: UUID | None) -> dict[UUID, NoticeKind]:
    """Return the one reason why each person is told; nobody is told of what they did themselves."""
    order = {kind: at for at, kind in enumerate(NoticeKind)}
    found: dict[UUID, NoticeKind] = {}
    for kind, people in sorted(reasons, key=lambda reason: order[reason[0]]):
        for person in people:
            if person != actor:
                found.setdefault(person, kind)
    return found

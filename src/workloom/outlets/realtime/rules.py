"""What is told to whom, and the bounds of a connection; no database, no clock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, Final
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.errors import Invalid
from workloom.core.ids import parse_uuid
from workloom.people.rights.rules import ADMINISTERING

HEARTBEAT_S: Final = 25
SWEEP_S: Final = 1.0
"""How often it is asked whether those who opened connections are still signed in."""
SIGN_IN_WITHIN_S: Final = 10
LONGEST_MESSAGE: Final = 64 * 1024
MESSAGES: Final = 60
"""How many messages a client may send in `MESSAGES_IN_S` seconds."""
MESSAGES_IN_S: Final = 10
MOST_PROJECTS: Final = 200
MOST_CONNECTIONS: Final = 50
"""Of one person in one process."""
MOST_WAITING: Final = 1000
MOST_WAITING_BYTES: Final = 4_000_000
"""What waits for a client that reads slowly; beyond either it is closed, and comes back with `after`."""
MOST_REPLAYED: Final = 5000
"""Events that are told again; who was away for longer reads the lists anew."""
PAGE: Final = 500
IMPORT_PAUSE_S: Final = 2.0
RETRY_MS: Final = 3000
STREAM: Final = "workloom.live"
"""Where the server leaves the way to a held stream in a request's environment."""


class Close(IntEnum):
    """Why a socket was closed; each has its sentence."""

    NOT_SIGNED_IN = 4401
    OTHER_ORIGIN = 4403
    NO_SUCH_SOCKET = 4404
    TOO_SLOW = 4408
    TOO_MANY = 4429
    TOO_LONG = 1009
    GOING_AWAY = 1001
    TRY_AGAIN = 1013


class Action(StrEnum):
    """What to do with a task that is told: both of the first two mean, take it as it is now."""

    CREATED = "task_created"
    UPDATED = "task_updated"
    DELETED = "task_deleted"


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """Who listens to what; another subscription is another seat."""

    actor: Actor
    token: str | None = None
    """The hash of the personal token that opened it; else the actor's session counts."""
    projects: frozenset[UUID] | None = None

    def hears(self, project: UUID) -> bool:
        return self.projects is None or project in self.projects


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task was when something happened to it."""

    project: UUID
    key: str


@dataclass(slots=True)
class Touched:
    """A task that something happened to, as far as one batch of events tells."""

    seq: int
    action: Action = Action.UPDATED
    places: list[Place] = field(default_factory=list)
    people: set[UUID] = field(default_factory=set)
    """Who worked on it or had reported it before, as far as the batch tells."""
    is_counted: bool = False
    """Came, went or came back, so that its parent shows another count."""


@dataclass(frozen=True, slots=True)
class Reload:
    """Too much changed, or somebody's view of it: what lists of this project show is to be read anew."""

    seq: int
    project: UUID | None = None
    workspace: UUID | None = None
    person: UUID | None = None
    """Only this person is told; everybody who may read the project when None."""


@dataclass(slots=True)
class Batch:
    """What happened behind one place in the log, up to another."""

    last: int
    size: int = 0
    tasks: dict[UUID, Touched] = field(default_factory=dict)
    parents: dict[UUID, int] = field(default_factory=dict)
    reloads: list[Reload] = field(default_factory=list)
    imported: dict[UUID, int] = field(default_factory=dict)
    ends_sessions: bool = False

    @property
    def is_silent(self) -> bool:
        """Tell whether nobody is told anything."""
        return not self.tasks and not self.reloads


@dataclass(frozen=True, slots=True)
class Change:
    """What counts of an event."""

    seq: int
    type: str
    object_type: str
    object_id: UUID
    object_key: str
    project: UUID | None
    workspace: UUID | None
    subject: UUID | None
    changes: Mapping[str, Sequence[Any]]
    via: str


_UNTOLD: Final = frozenset({"task.purged", "task.watchers_changed"})
_ACTIONS: Final = {"task.created": Action.CREATED, "task.restored": Action.CREATED}
_COUNTED: Final = frozenset({"task.created", "task.deleted", "task.restored"})
_ENDING: Final = frozenset(
    {"session.ended", "session.refused", "token.revoked", "person.deactivated", "person.anonymised"}
)
_OF_PROJECT: Final = frozenset(
    {"project.trashed", "project.restored", "project.respaced", "import.finished", "import.failed"}
)
_OF_LABELS: Final = frozenset({"label.deleted", "category.deleted"})
_OF_MEMBERS: Final = frozenset({"member.added", "member.updated", "member.removed"})
_OF_SEATS: Final = frozenset({"workspace.member_added", "workspace.member_updated", "workspace.member_removed"})
_SHOWN_ON_ALL_TASKS: Final = frozenset({"key", "time_zone"})


def sum_up(changes: Iterable[Change], after: int) -> Batch:
    """Gather what a run of events means for who looks at tasks."""
    batch = Batch(last=after)
    for change in changes:
        batch.last, batch.size = change.seq, batch.size + 1
        task = change.subject or (change.object_id if change.object_type == "task" else None)
        if change.type in _ENDING:
            batch.ends_sessions = True
        elif task is not None and change.type not in _UNTOLD:
            _touch(batch, task, change)
        else:
            batch.reloads += _reloads(change)
    return batch


def _touch(batch: Batch, task: UUID, change: Change) -> None:
    if change.via == "import":
        if change.project is not None:
            batch.imported[change.project] = change.seq
        return
    found = batch.tasks.setdefault(task, Touched(change.seq))
    found.seq = change.seq
    if change.type in _ACTIONS:
        found.action = _ACTIONS[change.type]
    if change.project is not None:
        found.places.append(Place(change.project, change.object_key))
    found.is_counted |= change.type in _COUNTED
    if change.object_type == "task":
        found.people |= _ids(change.changes.get("assignees", [None])[0]) | _ids(
            change.changes.get("reporter", [None])[0]
        )
        for parent in _ids(list(change.changes.get("parent", ()))):
            batch.parents[parent] = change.seq


def _ids(value: Any) -> set[UUID]:
    values = value if isinstance(value, list) else [value]
    return {found for one in values if (found := parse_uuid(one)) is not None}


def _reloads(change: Change) -> Iterable[Reload]:
    seq, project, workspace = change.seq, change.project, change.workspace
    if change.type in _OF_PROJECT or (change.type == "project.updated" and _SHOWN_ON_ALL_TASKS & set(change.changes)):
        return [Reload(seq, project=project)]
    if change.type in _OF_LABELS:
        return [Reload(seq, project=project, workspace=None if project else workspace)]
    if change.type in _OF_MEMBERS:
        return [Reload(seq, project=project, person=one) for one in _ids(list(change.changes.get("members", ())))]
    if change.type in _OF_SEATS and ADMINISTERING & set(change.changes.get("role", ())):
        return [Reload(seq, person=one) for one in _ids(list(change.changes.get("user", ())))]
    if change.type == "person.role_changed":
        return [Reload(seq, person=change.object_id)]
    return []


def read_place(text: str | None, name: str) -> int | None:
    """Read the number behind which to go on; raises Invalid."""
    if text is None or text == "":
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise Invalid(name, "invalid_value", f"{name} takes the id of an event of this stream.")
    return int(text)


def read_projects(values: Iterable[str]) -> frozenset[UUID] | None:
    """Read the projects that a stream is narrowed to, None for all; raises Invalid."""
    words = [word.strip() for value in values for word in value.split(",") if word.strip()]
    found = {word: parse_uuid(word) for word in words}
    wrong = [word for word, read in found.items() if read is None]
    if wrong or len(found) > MOST_PROJECTS:
        detail = f"projects takes up to {MOST_PROJECTS} ids, separated by commas."
        raise Invalid("projects", "invalid_value", detail)
    return frozenset(one for one in found.values() if one is not None) or None


class Debounce:
    """Lets a project's hint through at once, and further ones only after a pause."""

    def __init__(self, pause_s: float = IMPORT_PAUSE_S) -> None:
        self._pause_s = pause_s
        self._told: dict[UUID, float] = {}
        self._waiting: set[UUID] = set()

    def add(self, projects: Collection[UUID]) -> None:
        self._waiting |= set(projects)

    def ready(self, at: float) -> set[UUID]:
        """Take those whose pause is over."""
        found = {one for one in self._waiting if at - self._told.get(one, float("-inf")) >= self._pause_s}
        self._waiting -= found
        self._told = {one: told for one, told in self._told.items() if at - told < self._pause_s}
        self._told |= dict.fromkeys(found, at)
        return found


class Pace:
    """How fast a client sends."""

    def __init__(self, most: int = MESSAGES, in_s: float = MESSAGES_IN_S) -> None:
        self._most, self._in_s = most, in_s
        self._began, self._count = float("-inf"), 0

    def allows(self, at: float) -> bool:
        if at - self._began >= self._in_s:
            self._began, self._count = at, 0
        self._count += 1
        return self._count <= self._most

"""What a webhook wants, how long it may fail, and how an answer is judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import UNSET, UnsetType

from workloom.core.errors import FieldError, Invalid
from workloom.core.text import hint_at
from workloom.events.record import Audience, Event
from workloom.events.rows import EventActor, EventContext, EventObject, EventRow, Published

ALL: Final = "*"
PING: Final = "webhook.ping"
MOST_HOOKS: Final = 50
"""Webhooks of one project, or of one workspace itself."""
MOST_AT_ONCE: Final = 2
"""Requests of one webhook on their way at the same time: one that hangs holds back no other webhook."""
MOST_HANGING: Final = 2
"""Requests to all receivers that hang, on their way at the same time: however many these are, others have their turn."""
HANGING_WAIT: Final = timedelta(seconds=10)
MOST_AGAIN: Final = 1000
"""Deliveries that one call sends again."""
SENDING_FOR: Final = timedelta(seconds=30)
"""How long a request may be on its way before another worker takes it over; it has ten seconds itself."""
OLD_SECRET_SIGNS: Final = timedelta(hours=24)
FAILS_FOR: Final = timedelta(days=5)
KEPT_FOR: Final = timedelta(days=30)
SHOWN_BYTES: Final = 4096
GONE: Final = 410
HANGS_BORNE: Final = 3
_LONGEST_REST: Final = timedelta(seconds=60)
_FIRST_REST: Final = timedelta(seconds=5)
_READ_AT_EASE: Final = 1000
_PAUSE_PER_ROW: Final = timedelta(microseconds=250)
_SHOWN_HEADERS: Final = 50
_SHOWN_HEADER: Final = 500
_TASK_FIELDS: Final = ("task", "parent")
"""What events call other tasks."""


@dataclass(frozen=True, slots=True)
class NewHook:
    """A webhook to be, of a project or of a workspace with all its projects."""

    url: str
    events: tuple[str, ...] = (ALL,)
    is_active: bool = True
    id: UUID | UnsetType = UNSET
    project: UUID | UnsetType | None = UNSET
    workspace: UUID | UnsetType | None = UNSET


@dataclass(frozen=True, slots=True)
class HookWish:
    """What a webhook is to be; absent parts stay."""

    url: str | UnsetType = UNSET
    events: tuple[str, ...] | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Again:
    """Which deliveries to send again: those of events after and up to a number, or made in a time."""

    state: str = "failed"
    after_seq: int | UnsetType = UNSET
    until_seq: int | UnsetType = UNSET
    after: datetime | UnsetType = UNSET
    before: datetime | UnsetType = UNSET


def deliverable_types() -> set[str]:
    """Return the event types that a webhook can get: what admins of a project or workspace may read."""
    told = {Audience.MEMBERS, Audience.ADMINS}
    return {name for name, kind in Event.known.items() if kind.audience in told}


def check_events(words: Iterable[str]) -> tuple[str, ...]:
    """Return event types and kinds such as task.* in order and each once, or * alone; raises Invalid naming each unknown one."""
    types = deliverable_types()
    known = {ALL, *types, *(f"{name.partition('.')[0]}.*" for name in types)}
    wanted = sorted(set(words))
    unknown = [word for word in wanted if word not in known]
    if unknown:
        raise Invalid.many([_unknown(word, known) for word in unknown[:20]])
    return (ALL,) if ALL in wanted else tuple(wanted)


def _unknown(word: str, known: Iterable[str]) -> FieldError:
    detail = (
        f"There is no event type “{word[:60]}”.{hint_at(word[:60], known)} "
        "Send types such as task.created, all of a kind such as task.*, or *."
    )
    return FieldError("events", "unknown_event", detail)


def host_of(url: str) -> str:
    """Return what the log may tell of a target: paths and queries often hold keys."""
    return urlsplit(url).netloc


def wants(events: Sequence[str], event_type: str) -> bool:
    """Tell whether a webhook for these types and kinds gets an event of this type."""
    return bool({ALL, event_type, f"{event_type.partition('.')[0]}.*"} & set(events))


def is_for_webhooks(event: Published) -> bool:
    """Tell whether any webhook may get an event: no imports, and only what a project or workspace tells its admins."""
    return event.via != "import" and event.audience in {Audience.MEMBERS, Audience.ADMINS}


def event_row(event: Published, hidden: Iterable[str] = ()) -> EventRow:
    """Return an event in the shape that the feed gives it, without address and agent, and without tasks of others."""
    unseen = set(hidden)
    changes = {
        name: [None if value in unseen else value for value in pair] if name in _TASK_FIELDS else pair
        for name, pair in event.changes.items()
    }
    return EventRow(
        seq=event.seq,
        id=event.id,
        type=event.type,
        occurred_at=event.occurred_at,
        actor=EventActor(event.actor_id, event.actor_kind, event.actor_name),
        workspace=event.workspace_id,
        project=event.project_id,
        subject=event.subject_id,
        object=EventObject(event.object_id, event.object_type, event.object_key, event.object_version),
        changes=changes,
        context=EventContext(event.request_id, event.via),
    )


def named_tasks(changes: Mapping[str, Any]) -> list[Any]:
    """Return the values by which an event names other tasks."""
    return [value for name in _TASK_FIELDS for value in changes.get(name, ()) if value is not None]


def is_success(status: int | None) -> bool:
    """Tell whether an answer means that the message has arrived: redirects do not."""
    return status is not None and 200 <= status < 300


def at_once(hangs: int) -> int:
    """Return how many requests may be on their way at once; of a receiver that hangs, one tries whether it is back."""
    return 1 if does_hang(hangs) else MOST_AT_ONCE


def does_hang(hangs: int) -> bool:
    """Tell whether a receiver has not answered in time for so often that it is expected not to."""
    return hangs >= HANGS_BORNE


def rest_after(hangs: int) -> timedelta:
    """Return how long a webhook rests after so many answers in a row that did not come in time."""
    if not does_hang(hangs):
        return timedelta(0)
    return min(_FIRST_REST * (1 << min(hangs - HANGS_BORNE, 10)), _LONGEST_REST)


def pause_after_look(read: int) -> timedelta:
    """Return for how long nobody looks again what may go after so many were read in vain, some twenty times as long as it took.

    A receiver that is down for hours has many waiting behind its failures, and each event would have all of them read.
    """
    return min(read * _PAUSE_PER_ROW, _LONGEST_REST) if read > _READ_AT_EASE else timedelta(0)


def shown_headers(headers: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return the headers of an answer as they are kept: not too many, not too long."""
    return [[_clean(name[:100]), _clean(value[:_SHOWN_HEADER])] for name, value in headers[:_SHOWN_HEADERS]]


def shown_body(body: bytes) -> str:
    """Return the beginning of a body as text, whatever bytes it has."""
    return _clean(body[:SHOWN_BYTES].decode("utf-8", "replace"))


def _clean(text: str) -> str:
    """No database keeps NUL in a text."""
    return text.replace("\x00", "\ufffd")


@dataclass(frozen=True, slots=True)
class Notice:
    """What the mail about a webhook that was switched off says, in one language."""

    subject: str
    leads: Mapping[str, str]
    target: str
    place: str
    remedy: str
    footer: str


_ENGLISH: Final = Notice(
    subject="A webhook of {place} was switched off",
    leads={
        "failing": "For five days no message to this webhook arrived, so that it gets no more of them.",
        "gone": "The receiver of this webhook says that it is gone (410), so that it gets no more messages.",
        "owner_left": "Who answered for this webhook may no longer read what it sends, so that it gets no more messages.",
    },
    target="Target",
    place="Where",
    remedy="An admin can switch it on again and send what was missed: see its deliveries under {path}",
    footer="You get this mail because you administer {place}.",
)
_GERMAN: Final = Notice(
    subject="Ein Webhook von {place} wurde abgeschaltet",
    leads={
        "failing": "Fünf Tage lang kam keine Nachricht an diesen Webhook an; er bekommt keine mehr.",
        "gone": "Der Empfänger dieses Webhooks sagt, dass es ihn nicht mehr gibt (410); er bekommt keine Nachrichten mehr.",
        "owner_left": "Wer diesen Webhook verantwortet hat, darf nicht mehr lesen, was er sendet; er bekommt nichts mehr.",
    },
    target="Ziel",
    place="Wo",
    remedy="Wer verwaltet, kann ihn wieder einschalten und Versäumtes nachsenden: siehe seine Zustellungen unter {path}",
    footer="Diese Mail kommt, weil du {place} verwaltest.",
)


def notice_in(locale: str) -> Notice:
    """Return the words of a language; everybody else reads English."""
    return _GERMAN if locale.partition("-")[0].lower() == "de" else _ENGLISH

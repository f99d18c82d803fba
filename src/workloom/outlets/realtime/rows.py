"""What is told, as it goes over the wire; encoded once for all who may read the same."""

from typing import Annotated, Any
from uuid import UUID

import msgspec

from workloom.core.http.rendering import encode
from workloom.work.tasks.rows import TaskRow


class TaskUpdate(msgspec.Struct, frozen=True):
    """A task as it is now, for the documentation; with the action `task_deleted` only its `id`, `key` and `project`."""

    type: Annotated[str, msgspec.Meta(examples=["task_update"])]
    action: Annotated[str, msgspec.Meta(examples=["task_updated", "task_created", "task_deleted"])]
    task: TaskRow
    seq: int


class GoneTask(msgspec.Struct, frozen=True):
    """A task that one does not see any more."""

    id: UUID
    key: str
    project: UUID


class Told(msgspec.Struct, frozen=True, tag_field="type", tag="task_update"):
    action: str
    task: msgspec.Raw
    seq: int


class Gone(msgspec.Struct, frozen=True, tag_field="type", tag="task_update"):
    action: str
    task: GoneTask
    seq: int


class Resync(msgspec.Struct, frozen=True, tag_field="type", tag="resync"):
    """Read the lists of these projects anew, of all when null; then go on from `seq`."""

    projects: list[UUID] | None
    seq: int


class Heartbeat(msgspec.Struct, frozen=True, tag_field="type", tag="heartbeat"):
    seq: int


class Authenticated(msgspec.Struct, frozen=True, tag_field="type", tag="authenticated"):
    user: UUID
    seq: int


class Subscribed(msgspec.Struct, frozen=True, tag_field="type", tag="subscribed"):
    projects: list[UUID] | None
    seq: int


class Pong(msgspec.Struct, frozen=True, tag_field="type", tag="pong"):
    """The answer to a ping."""


class Error(msgspec.Struct, frozen=True, tag_field="type", tag="error"):
    code: str
    detail: str
    projects: list[str] = []


class Message:
    """One message for any number of connections, as text and as a server-sent event made at most once."""

    __slots__ = ("_event", "_text", "at", "body", "name", "project", "seq")

    def __init__(self, content: msgspec.Struct, *, project: UUID | None = None, at: int | None = None) -> None:
        self.body = encode(content)
        self.name = str(content.__struct_config__.tag)
        self.seq: int | None = getattr(content, "seq", None)
        self.at = self.seq if at is None else at
        """The event that it tells of; `seq`, up to which everything has been told with it, is one less when more is to come."""
        self.project = project
        self._text: str | None = None
        self._event: bytes | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = self.body.decode()
        return self._text

    @property
    def event(self) -> bytes:
        if self._event is None:
            place = b"id: %d\n" % self.seq if self.seq is not None else b""
            self._event = b"%sevent: %s\ndata: %s\n\n" % (place, self.name.encode(), self.body)
        return self._event


class Authenticate(msgspec.Struct, frozen=True, tag_field="type", tag="authenticate", forbid_unknown_fields=True):
    token: str


class Subscribe(msgspec.Struct, frozen=True, tag_field="type", tag="subscribe", forbid_unknown_fields=True):
    projects: list[UUID] | None = None
    after: Annotated[int, msgspec.Meta(ge=0, le=2**62)] | None = None


class Ping(msgspec.Struct, frozen=True, tag_field="type", tag="ping"):
    """Asks whether anybody is there."""


Sent = Authenticate | Subscribe | Ping
KINDS = ("authenticate", "subscribe", "ping")
_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Sent)


def read_sent(text: str | bytes) -> Sent | Error:
    """Read what a client sent, or say what is wrong with it."""
    try:
        sent: Sent = _decoder.decode(text)
    except msgspec.ValidationError as error:
        kinds = ", ".join(KINDS)
        return Error("invalid_message", f"{error}. A message is an object whose type is one of {kinds}.")
    except (msgspec.DecodeError, UnicodeDecodeError, UnicodeEncodeError, RecursionError):
        return Error("malformed_message", "A message is one JSON object, in UTF-8.")
    return sent

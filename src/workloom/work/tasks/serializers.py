"""What comes in about tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from workloom.core.aliases import with_ids
from workloom.core.clock import in_milliseconds
from workloom.core.errors import Refused
from workloom.core.http.inputs import Day, Flag, Id, Ids, Input, Moment, NewId, Text, read_time
from workloom.core.text import slug
from workloom.work.tasks.rows import TaskRow
from workloom.work.tasks.rules import PRIORITY_WORDS, TaskInput

MOST = 50
_WORKERS = dict.fromkeys(("assignees", "assignee", "assigned_to", "assigned_user"), "assignees")
_RELATIONS = {
    **_WORKERS,
    **dict.fromkeys(("reporter", "created_by"), "reporter"),
    **dict.fromkeys(("labels", "label"), "labels"),
    **{name: name for name in ("project", "board", "category", "parent")},
}
"""Relations by all their names."""


class PriorityField(serializers.Field[Any, Any, Any, Any]):
    """low, medium, high or urgent, in any case."""

    openapi: ClassVar = {"type": "string", "enum": ["low", "medium", "high", "urgent"]}

    default_error_messages: ClassVar = {"invalid": "Send one of low, medium, high, urgent."}

    def to_internal_value(self, data: Any) -> int:
        """Read a name as its weight."""
        number = PRIORITY_WORDS.get(slug(data)) if isinstance(data, str) else None
        if number is None:
            self.fail("invalid")
        return number


class DueField(serializers.Field[Any, Any, Any, Any]):
    """A calendar date, or a date-time that names an instant."""

    openapi: ClassVar = {"type": "string", "description": "2026-11-30, or 2026-11-30T12:00:00Z"}

    default_error_messages: ClassVar = {
        "invalid": "Send a date (2026-11-30) or a date-time with its offset (2026-11-30T12:00:00Z)."
    }

    def to_internal_value(self, data: Any) -> date | datetime:
        """Read either."""
        instant, day = read_time(self, data)
        if instant is not None:
            return in_milliseconds(instant)
        if day is None:
            self.fail("invalid")
        return day


class TaskRef(Text):
    """A task's id or key."""


class Number(serializers.FloatField):
    """A number, of which minus zero is zero: databases differ over it."""

    def to_internal_value(self, data: Any) -> float:
        """Read one."""
        return super().to_internal_value(data) + 0.0


def _number(**more: Any) -> Number:
    return Number(min_value=0, max_value=1_000_000, required=False, allow_null=True, **more)


class EditTaskIn(Input):
    """Any of a task's fields; absent ones keep their value."""

    builds: ClassVar = TaskInput
    row: ClassVar = TaskRow
    aliases: ClassVar = {**with_ids(_RELATIONS), "completed": "is_completed"}

    title = Text(min_length=1, max_length=255)
    description = Text(max_length=100_000, allow_blank=True, required=False)
    project = Id(required=False)
    board = Id(required=False)
    status = Text(max_length=200, required=False)
    priority = PriorityField(required=False)
    category = Id(required=False, allow_null=True)
    labels = Ids(max_length=MOST, required=False)
    assignees = Ids(max_length=MOST, required=False)
    reporter = Id(required=False)
    parent = TaskRef(max_length=64, required=False, allow_null=True)  # type: ignore[assignment] # the metaclass moves it away
    start_date = Day(required=False, allow_null=True)
    due_date = DueField(required=False, allow_null=True)
    due_at = Moment(required=False, allow_null=True)
    estimate = _number()
    is_completed = Flag(required=False)
    is_archived = Flag(required=False)


class NewTaskIn(EditTaskIn):
    """A new task: only the title is needed."""

    id = NewId(required=False)


@dataclass(frozen=True, slots=True)
class AssignInput:
    """Who shall work on a task."""

    assignees: tuple[UUID, ...]


class AssignIn(Input):
    """One person, several, or null for nobody."""

    builds: ClassVar = AssignInput
    aliases: ClassVar = with_ids({**_WORKERS, "user": "assignees", "users": "assignees"})

    assignees = Ids(max_length=MOST)


@dataclass(frozen=True, slots=True)
class StatusInput:
    """The status wanted."""

    status: str


class StatusIn(Input):
    """A status by its slug or label."""

    builds: ClassVar = StatusInput

    status = Text(max_length=200)


@dataclass(frozen=True, slots=True)
class MoveInput:
    """Where a task shall stand."""

    column: UUID | None = None
    status: str | None = None
    after: str | None = None
    before: str | None = None


class MoveIn(Input):
    """A column or a status, and the task behind or in front of which it shall stand."""

    builds: ClassVar = MoveInput

    column = Id(required=False)
    status = Text(max_length=200, required=False)
    after = TaskRef(max_length=64, required=False, allow_null=True)
    before = TaskRef(max_length=64, required=False, allow_null=True)


@dataclass(frozen=True, slots=True)
class BulkInput:
    """Operations in their order; `atomic` writes all or none."""

    operations: list[Any]
    atomic: bool = False


class BulkIn(Input):
    """Up to 1,000 operations: create, update, delete or move, each with the fields of its single twin."""

    builds: ClassVar = BulkInput

    operations = serializers.ListField(child=serializers.JSONField(), min_length=1, max_length=1000)
    atomic = Flag(required=False)


@dataclass(frozen=True, slots=True)
class WatchInput:
    """Who shall be told; the caller when nobody is named."""

    user: UUID | None = None


class WatchIn(Input):
    """A person, or nobody for oneself."""

    builds: ClassVar = WatchInput
    aliases: ClassVar = {"user_id": "user"}

    user = Id(required=False)


def body_of(operation: Any) -> tuple[str, str, dict[str, Any]]:
    """Split one bulk operation into its verb, the task that it names and its fields; raises Refused."""
    verbs = ("create", "update", "delete", "move")
    if not isinstance(operation, Mapping) or operation.get("op") not in verbs:
        raise Refused(
            "invalid_operation", "Each operation is an object whose op is one of create, update, delete, move."
        )
    fields = {name: value for name, value in operation.items() if name not in ("op", "data")}
    inner = operation.get("data", {})
    if not isinstance(inner, Mapping):
        raise Refused("invalid_operation", "data must be an object.")
    reference = ""
    if operation["op"] != "create":
        reference = fields.pop("id", None) or fields.pop("task", None) or fields.pop("key", None) or ""
        if not isinstance(reference, str) or not reference:
            raise Refused("invalid_operation", f"The operation {operation['op']} needs id: a task's id or key.")
    return operation["op"], reference, {**fields, **inner}

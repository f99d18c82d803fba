"""Events as rows: one query, whatever the number of rows."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from workloom.core.actor import Actor
from workloom.core.filters import BadValue, choice, moment_bound, person, reference
from workloom.core.ids import parse_uuid
from workloom.core.listing import Filter, Listing, Order, Projection, Wanted
from workloom.core.prepared import prepared
from workloom.core.spelled import JsonText
from workloom.core.text import is_clean
from workloom.events.queries import LogRows
from workloom.events.rows import EventActor, EventContext, EventObject, EventRow
from workloom.outlets.history.rows import AuditRow
from workloom.outlets.history.rules import action_of, object_types, types_named, types_of_action
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.nested import unseen_tasks
from workloom.work.tasks.rules import parse_key

_Changes = dict[str, Any]
_decode = msgspec.json.Decoder().decode
BATCH = 500
COLUMNS = (
    "seq",
    "id",
    "type",
    "occurred_at",
    "actor_id",
    "actor_kind",
    "workspace_id",
    "project_id",
    "subject_id",
    "object_id",
    "object_type",
    "object_key",
    "object_version",
    "changes_text",
    "request_id",
    "via",
    "private_text",
    "is_audited",
)
ANNOTATIONS = {"changes_text": JsonText("changes"), "private_text": JsonText("private")}
_CHANGES = COLUMNS.index("changes_text")
_TASK_FIELDS = ("task", "parent")
"""What events call other tasks."""


def with_audit(found: LogRows, audited: Q) -> LogRows:
    """Add whether the actor may read where each event came from, which is the condition `audited`."""
    return found.annotate(
        is_audited=Case(When(audited, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())
    )


def build_events(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[EventRow]:
    """Make rows of what the columns read; address and agent only for who audits the event's project or workspace."""
    changes = [_decode(line[_CHANGES]) for line in lines]
    hidden = _hidden_tasks(changes, wanted.actor)
    if hidden:
        changes = [_without(hidden, one) for one in changes]
    return [_event(line, shown) for line, shown in zip(lines, changes, strict=True)]


def _hidden_tasks(changes: Iterable[_Changes], actor: Actor) -> set[str]:
    """Return the tasks that events name as linked or as parents, and that the actor may not see."""
    pairs = (one[name] for one in changes for name in _TASK_FIELDS if name in one)
    named = {key for pair in pairs for value in pair if (key := parse_uuid(value)) is not None}
    there = _tasks_there(list(named)) if named else []
    return {str(key) for key in unseen_tasks(actor, there)} if there else set()


@prepared
def _tasks_there(named: list[UUID]) -> QuerySet[Task, UUID]:
    return Task.objects.filter(pk__in=named).values_list("pk", flat=True)


def _without(hidden: Collection[str], changes: _Changes) -> _Changes:
    return {
        name: [None if value in hidden else value for value in pair] if name in _TASK_FIELDS else pair
        for name, pair in changes.items()
    }


def _event(line: tuple[Any, ...], shown: _Changes) -> EventRow:
    (
        seq, key, event_type, occurred_at, actor, kind, workspace, project, subject,
        object_id, object_type, object_key, version, _, request_id, via, private_text, is_audited,
    ) = line  # fmt: skip
    private = (_decode(private_text) if private_text else None) or {}
    return EventRow(
        seq=seq,
        id=key,
        type=event_type,
        occurred_at=occurred_at,
        actor=EventActor(actor, kind, private.get("actor", "")),
        workspace=workspace,
        project=project,
        subject=subject,
        object=EventObject(object_id, object_type, object_key, version),
        changes=shown | private.get("changes", {}),
        context=EventContext(
            request_id,
            via,
            private.get("ip") if is_audited else None,
            private.get("user_agent") if is_audited else None,
        ),
    )


def build_audit(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[AuditRow]:
    """Make rows with the usual names of audit logs."""
    return [
        AuditRow(
            **{name: getattr(row, name) for name in EventRow.__struct_fields__},
            user_id=row.actor.id,
            action=action_of(row.type),
            model_name=row.object.type,
            ip_address=row.context.ip,
            user_agent=row.context.user_agent,
            timestamp=row.occurred_at,
        )
        for row in build_events(lines, wanted)
    ]


def in_batches(found: QuerySet[Any], wanted: Wanted, *, oldest_first: bool) -> Iterator[list[AuditRow]]:
    """Read any number of events in constant memory, each batch by where the last one ended."""
    last: int | None = None
    order, side = ("n", "gt") if oldest_first else ("-n", "lt")
    while True:
        rest = found if last is None else found.filter(**{f"n__{side}": last})
        lines = list(AUDIT.projection.prepared(rest).order_by(order).values_list(*COLUMNS, "n")[:BATCH])
        if not lines:
            return
        yield build_audit([line[:-1] for line in lines], wanted)
        last = lines[-1][-1]


def _object(value: str, actor: Actor) -> Q:
    object_id = parse_uuid(value)
    if object_id is not None:
        return Q(object_id=object_id)
    key = parse_key(value)
    if key is None:
        raise BadValue("Send an object's id, or a task's key.")
    return Q(object_key=f"{key.project}-{key.number}")


def _address(value: str, actor: Actor) -> Q:
    if not is_clean(value):
        raise BadValue("Send an address.")
    return Q(private__ip=value)


_type = Filter(lambda value, _: Q(type__in=types_named(value)), help="An event type, or task.* for all of a kind.")
_user = person(lambda user: Q(actor_id=user), help_text="Who did it: an id or me.")
_RECORDED = {"recorded": Order("n", int)}

FEED = Listing(
    Projection(EventRow, COLUMNS, build_events, ANNOTATIONS),
    orders={},
    filters={"project": reference("project_id", "A project's id."), "type": _type},
)
ACTIVITY = Listing(
    Projection(EventRow, COLUMNS, build_events, ANNOTATIONS),
    orders=_RECORDED,
    default="-recorded",
    filters={"type": _type, "user": _user},
    tie="id",
)
AUDIT = Listing(
    Projection(AuditRow, COLUMNS, build_audit, ANNOTATIONS),
    orders=_RECORDED,
    default="-recorded",
    filters={
        "user": _user,
        "action": Filter(lambda value, _: Q(type__in=types_of_action(value)), help="created, or task.created."),
        "model_name": Filter(lambda value, actor: choice("object_type", object_types()).to_q(value, actor)),
        "object": Filter(_object, help="An object's id, or a task's key."),
        "ip_address": Filter(_address, help="The address as it was recorded."),
        "project": reference("project_id", "A project's id."),
        "after": moment_bound("occurred_at", "gt"),
        "before": moment_bound("occurred_at", "lt"),
    },
    aliases={"user_id": "user", "project_id": "project", "object_id": "object"},
    tie="id",
)

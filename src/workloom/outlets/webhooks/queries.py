"""Which webhooks an actor may see, what is to be sent, and what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.filters import BadValue, choice, flag, moment_bound, reference
from workloom.core.ids import NOBODY, parse_uuid
from workloom.core.listing import Filter, Listing, Order, Projection, Wanted
from workloom.core.prepared import prepared
from workloom.events.queries import read_after
from workloom.events.rows import Published
from workloom.outlets.webhooks.models import Attempt, Delivery, DeliveryState, Webhook
from workloom.outlets.webhooks.rows import AttemptRow, DeliveryDetailRow, DeliveryRow, WebhookRow
from workloom.outlets.webhooks.rules import HANGS_BORNE, PING, at_once, deliverable_types, event_row, named_tasks, wants
from workloom.people.accounts.models import User
from workloom.people.accounts.queries import people
from workloom.people.rights.rules import Right, roles_with
from workloom.work.projects.models import Project
from workloom.work.projects.queries import held, in_projects, members_of
from workloom.work.tasks.models import Task
from workloom.work.workspaces.queries import admins_of, in_workspaces, workspaces_with

_TURN = ("pk", "object_id", "subject_id", "next_at", "sending_until")


def seen_by(actor: Actor) -> Q:
    """Return the condition that a webhook is of a project or a workspace where the actor manages webhooks."""
    of_workspace = Q(project__isnull=True) & in_workspaces(actor, Right.WEBHOOK_MANAGE)
    return in_projects(actor, Right.WEBHOOK_MANAGE) | of_workspace


def visible_webhooks(actor: Actor) -> QuerySet[Webhook]:
    """Return the webhooks that the actor may see."""
    return Webhook.objects.filter(seen_by(actor))


@dataclass(frozen=True, slots=True)
class Listening:
    """An active webhook: where it is, and which types and kinds of events it wants."""

    pk: UUID
    workspace: UUID
    project: UUID | None
    events: Sequence[str]

    def wants(self, event: Published) -> bool:
        """Tell whether it gets an event."""
        is_here = event.workspace_id == self.workspace if self.project is None else event.project_id == self.project
        return is_here and wants(self.events, event.type)


def active_hooks_around(events: Sequence[Published]) -> list[Listening]:
    """Return the active webhooks of the projects and workspaces of some events."""
    workspaces = {event.workspace_id for event in events if event.workspace_id is not None}
    projects = {event.project_id for event in events if event.project_id is not None}
    return [Listening(*line) for line in _active_hooks([*workspaces, NOBODY], [*projects, NOBODY])]


@prepared
def _active_hooks(workspaces: Sequence[UUID], projects: Sequence[UUID]) -> QuerySet[Webhook, tuple[Any, ...]]:
    place = Q(project__isnull=True, workspace__in=workspaces) | Q(project__in=projects)
    return Webhook.objects.filter(place, is_active=True).values_list("pk", "workspace_id", "project_id", "events")


def may_have(hook: Webhook) -> bool:
    """Tell whether the webhook's owner still manages webhooks there, in the trash or not."""
    if not hook.owner.is_active:
        return False
    owner = hook.owner.as_actor()
    if hook.project_id is None:
        return workspaces_with(owner, Right.WEBHOOK_MANAGE).filter(pk=hook.workspace_id).exists()
    return Project.objects.filter(held(owner, Right.WEBHOOK_MANAGE), pk=hook.project_id).exists()


def admins_over(hook: Webhook) -> list[UUID]:
    """Return who administers the webhook's project or workspace and still takes part."""
    seats = admins_of(hook.workspace_id).values("user")
    condition = Q(pk__in=seats)
    if hook.project_id is not None:
        roles = roles_with(Right.WEBHOOK_MANAGE)
        condition |= Q(pk__in=members_of(hook.project_id).filter(role__in=roles).values("user"))
    return list(people().filter(condition, is_active=True).order_by("pk").values_list("pk", flat=True))


def told_of(person: UUID, hook_id: UUID) -> tuple[User, Webhook] | None:
    """Return a person and a webhook that is off, of which they may still be told."""
    user = people().filter(pk=person, is_active=True).first()
    if user is None:
        return None
    seen = visible_webhooks(user.as_actor()).select_related("project", "workspace")
    hook = seen.filter(pk=hook_id, is_active=False).exclude(disabled_reason="").first()
    return (user, hook) if hook else None


def next_delivery(hook: Webhook, at: datetime) -> Delivery | None:
    """Return the first delivery that may go now: due, not on its way, and nothing earlier of its object is unfinished.

    What hangs on a task waits for the task's earlier events too. None while enough of the webhook are on their way.
    """
    return look_for_next(hook, at)[0]


def look_for_next(hook: Webhook, at: datetime) -> tuple[Delivery | None, int]:
    """Return the same, and how many waiting ones were read to find it."""
    queued = Delivery.objects.filter(webhook=hook, state=DeliveryState.QUEUED)
    if queued.filter(sending_until__gt=at).count() >= at_once(hook.hangs):
        return None, 0
    waiting: set[UUID | None] = set()
    read = 0
    for key, about, subject, next_at, sending_until in queued.order_by("seq", "pk").values_list(*_TURN).iterator(500):
        read += 1
        is_free = waiting.isdisjoint({about, subject} - {None})
        if is_free and next_at <= at and (sending_until is None or sending_until <= at):
            return Delivery.objects.get(pk=key), read
        waiting |= {about, subject}
    return None, read


def count_hanging(at: datetime) -> int:
    """Return how many requests are on their way to receivers that are expected to hang."""
    going = Delivery.objects.filter(state=DeliveryState.QUEUED, next_at__isnull=False, sending_until__gt=at)
    return going.filter(webhook__hangs__gte=HANGS_BORNE).count()


def waiting_hooks(before: datetime) -> list[UUID]:
    """Return the webhooks with something that should have gone before an instant."""
    due = Delivery.objects.filter(state=DeliveryState.QUEUED, next_at__lt=before)
    idle = due.filter(Q(sending_until__isnull=True) | Q(sending_until__lt=before))
    return list(idle.order_by().values_list("webhook_id", flat=True).distinct()[:200])


def body_of(hook: Webhook, delivery: Delivery) -> bytes | None:
    """Return what a delivery sends, None when the log no longer has the event."""
    if delivery.type == PING:
        data = {"webhook": hook.pk, "workspace": hook.workspace_id, "project": hook.project_id}
        return msgspec.json.encode({"type": PING, "timestamp": delivery.created_at, "data": data})
    event = next((one for one in read_after(delivery.seq - 1, 1) if one.id == delivery.event_id), None)
    if event is None:
        return None
    row = event_row(event, _tasks_elsewhere(hook, event))
    return msgspec.json.encode({"type": event.type, "timestamp": event.occurred_at, "data": row})


def _tasks_elsewhere(hook: Webhook, event: Published) -> set[str]:
    """Return the tasks that an event names and that lie outside of the webhook's project or workspace."""
    named = {key for value in named_tasks(event.changes) if (key := parse_uuid(value))}
    if not named:
        return set()
    here = Q(project=hook.project_id) if hook.project_id else Q(project__workspace=hook.workspace_id)
    return {str(key) for key in Task.objects.filter(~here, pk__in=named).values_list("pk", flat=True)}


def _hook_rows(found: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[WebhookRow]:
    return [WebhookRow(*line) for line in found]


def _delivery(line: Sequence[Any]) -> DeliveryRow:
    (
        key, hook, event, seq, kind, about, state, attempts, status, error, created_at, first_at, next_at, finished_at,
    ) = line  # fmt: skip
    is_ping = kind == PING
    return DeliveryRow(
        id=key,
        webhook=hook,
        event=None if is_ping else event,
        seq=None if is_ping else seq,
        type=kind,
        object=None if is_ping else about,
        state=state,
        attempts_count=attempts,
        status=status,
        error=error,
        created_at=created_at,
        first_attempt_at=first_at,
        next_attempt_at=next_at,
        finished_at=finished_at,
    )


def _delivery_rows(found: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[DeliveryRow]:
    return [_delivery(line) for line in found]


def _detail_rows(found: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[DeliveryDetailRow]:
    rows = []
    for line in found:
        plain = _delivery(line)
        delivery = Delivery.objects.select_related("webhook").get(pk=plain.id)
        body = body_of(delivery.webhook, delivery)
        fields = {name: getattr(plain, name) for name in DeliveryRow.__struct_fields__}
        rows.append(
            DeliveryDetailRow(**fields, body=None if body is None else body.decode(), attempts=_attempts(delivery))
        )
    return rows


def _attempts(delivery: Delivery) -> list[AttemptRow]:
    columns = AttemptRow.__struct_fields__
    found = Attempt.objects.filter(delivery=delivery).order_by("number")
    return [AttemptRow(*line) for line in found.values_list(*columns)]


def _of_type(value: str, actor: Actor) -> Q:
    known = {*deliverable_types(), PING}
    types = [name for name in known if (name.startswith(value[:-1]) if value.endswith(".*") else name == value)]
    if not types:
        raise BadValue(f"Send an event type such as task.created, all of a kind such as task.*, or {PING}.")
    return Q(type__in=types)


HOOKS = Projection(
    WebhookRow,
    (
        "pk",
        "workspace_id",
        "project_id",
        "url",
        "events",
        "is_active",
        "disabled_reason",
        "disabled_at",
        "failing_since",
        "owner_id",
        "previous_until",
        "version",
        "created_at",
        "updated_at",
    ),
    _hook_rows,
)
HOOK_LIST = Listing(
    HOOKS,
    orders={"created_at": Order("created_at"), "updated_at": Order("updated_at")},
    filters={
        "project": reference("project", "A project's id; none for webhooks of a whole workspace.", nullable=True),
        "workspace": reference("workspace", "The workspace, with its projects."),
        "is_active": flag("is_active"),
    },
    aliases={"project_id": "project", "workspace_id": "workspace"},
)
_COLUMNS = (
    "pk",
    "webhook_id",
    "event_id",
    "seq",
    "type",
    "object_id",
    "state",
    "attempts",
    "status",
    "error",
    "created_at",
    "first_at",
    "next_at",
    "finished_at",
)
DELIVERIES = Projection(DeliveryRow, _COLUMNS, _delivery_rows)
DELIVERY = Projection(DeliveryDetailRow, _COLUMNS, _detail_rows)
DELIVERY_LIST = Listing(
    DELIVERIES,
    orders={"created_at": Order("created_at"), "seq": Order("seq", int)},
    filters={
        "state": choice("state", {str(state): str(state) for state in DeliveryState}),
        "type": Filter(_of_type, help=f"An event type, all of a kind by task.*, or {PING}."),
        "event": reference("event_id", "An event's id."),
        "after": moment_bound("created_at", "gt"),
        "before": moment_bound("created_at", "lt"),
    },
)

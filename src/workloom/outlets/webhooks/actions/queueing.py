"""What is to be sent: an event for the webhooks that want it, a ping, something once more."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from msgspec import UNSET

from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict
from workloom.core.ids import uuid7
from workloom.events.jobs import Errand, enqueue, enqueue_many
from workloom.events.rows import Published
from workloom.outlets.webhooks.models import Delivery, DeliveryState, Webhook
from workloom.outlets.webhooks.queries import active_hooks_around, waiting_hooks
from workloom.outlets.webhooks.rules import MOST_AGAIN, MOST_AT_ONCE, PING, Again

SEND: Final = "webhooks.send"
_FORGOTTEN_AFTER: Final = timedelta(minutes=2)
_STATES: Final = {
    "failed": (DeliveryState.FAILED,),
    "delivered": (DeliveryState.DELIVERED,),
    "any": (DeliveryState.FAILED, DeliveryState.DELIVERED),
}


@dataclass(frozen=True, slots=True)
class Requeued:
    """What a call for many did."""

    count: int
    last_seq: int | None
    has_more: bool


def wake(hook_id: Any, *, at: datetime | None = None) -> None:
    """Have somebody look at what a webhook has to send; a look too many does no harm."""
    enqueue(SEND, {"webhook": str(hook_id)}, run_at=at)


def queue_events(events: Sequence[Published]) -> int:
    """Write one delivery for each webhook that wants an event, in the present transaction; again changes nothing."""
    hooks = active_hooks_around(events) if events else []
    if not hooks:
        return 0
    at = now()
    rows = [
        Delivery(
            id=uuid7(),
            webhook_id=hook.pk,
            event_id=event.id,
            seq=event.seq,
            type=event.type,
            object_id=event.object_id,
            subject_id=event.subject_id,
            next_at=at,
            created_at=at,
        )
        for event in events
        for hook in hooks
        if hook.wants(event)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    queued = Counter(row.webhook_id for row in rows)
    woken = [hook for hook, count in queued.items() for _ in range(min(count, MOST_AT_ONCE))]
    enqueue_many(SEND, [Errand({"webhook": str(hook)}, at) for hook in woken])
    return len(rows)


@write
def ping_webhook(hook: Webhook) -> Delivery:
    """Queue a message that says no more than that it works; it is tried once, and also when the webhook is off."""
    at, key = now(), uuid7()
    ping = Delivery(id=key, webhook=hook, event_id=key, seq=0, type=PING, object_id=key, next_at=at, created_at=at)
    ping.save(force_insert=True)
    wake(hook.pk)
    return ping


@write
def redeliver(delivery: Delivery) -> None:
    """Send one again, under the same id, by a locked webhook; one that waits for its next attempt is tried now."""
    _demand_on(delivery.webhook, [delivery.type])
    _again([delivery], now())
    wake(delivery.webhook_id)


@write
def redeliver_many(hook: Webhook, wanted: Again) -> Requeued:
    """Send finished deliveries of a locked webhook again, the oldest first, up to 1,000 in one call."""
    _demand_on(hook, [""])
    found = Delivery.objects.filter(_chosen(wanted), webhook=hook, state__in=_STATES[wanted.state]).exclude(type=PING)
    rows = list(found.order_by("seq")[: MOST_AGAIN + 1])
    taken = rows[:MOST_AGAIN]
    _again(taken, now())
    for _ in taken[:MOST_AT_ONCE]:
        wake(hook.pk)
    return Requeued(len(taken), taken[-1].seq if taken else None, has_more=len(rows) > len(taken))


def _chosen(wanted: Again) -> Q:
    bounds = {
        "seq__gt": wanted.after_seq,
        "seq__lte": wanted.until_seq,
        "created_at__gte": wanted.after,
        "created_at__lt": wanted.before,
    }
    return Q(**{name: value for name, value in bounds.items() if value is not UNSET})


def _demand_on(hook: Webhook, types: list[str]) -> None:
    if not hook.is_active and types != [PING]:
        raise Conflict("webhook_off", "This webhook is switched off. Switch it on first: PATCH is_active true.")


def _again(rows: list[Delivery], at: datetime) -> None:
    """Begin a new round, with the whole time for attempts; what is queued goes on in its own."""
    for row in rows:
        if row.state != DeliveryState.QUEUED:
            row.round_from, row.first_at, row.finished_at, row.error = row.attempts, None, None, ""
            row.state = DeliveryState.QUEUED
            row.sending_until = None
        row.next_at = at
    fields = ["round_from", "first_at", "finished_at", "error", "state", "sending_until", "next_at"]
    Delivery.objects.bulk_update(rows, fields, batch_size=250)


def wake_forgotten() -> int:
    """Look after webhooks whose job was lost or given up; a regular duty, returns how many these were."""
    hooks = waiting_hooks(now() - _FORGOTTEN_AFTER)
    for hook in hooks:
        _wake_once(hook)
    return len(hooks)


@write
def _wake_once(hook: Any) -> None:
    enqueue(SEND, {"webhook": str(hook)}, key=f"{SEND}:{hook}")

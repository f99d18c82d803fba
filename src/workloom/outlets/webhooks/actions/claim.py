"""Taking the next delivery of a webhook: what is to be sent, noted before it is."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.core.sealing import Unreadable
from workloom.core.signing import signed_headers
from workloom.outlets.webhooks.actions.queueing import wake
from workloom.outlets.webhooks.actions.secrets import live_secrets
from workloom.outlets.webhooks.actions.switching import OWNER_LEFT, SWITCHED_OFF, switch_off
from workloom.outlets.webhooks.models import Attempt, Delivery, DeliveryState, Webhook
from workloom.outlets.webhooks.queries import body_of, count_hanging, look_for_next, may_have, next_delivery
from workloom.outlets.webhooks.rules import HANGING_WAIT, MOST_HANGING, PING, SENDING_FOR, does_hang, pause_after_look

_MOST_GIVEN_UP: Final = 100
"""What cannot be sent at all is given up so many at a time: the lock is not held for long."""
_A_LITTLE: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Message:
    """One attempt at one delivery, ready to be sent."""

    hook: UUID
    delivery: UUID
    number: int
    url: str
    headers: Mapping[str, str]
    body: bytes


_quiet: dict[UUID, float] = {}
"""Until when this process does not look again, by the monotonic clock."""


def claim_next(hook_id: UUID, *, goes_on: bool = False) -> Message | None:
    """Take the next delivery that may go, judged by what its owner may have now; None when nothing may.

    Whoever finds nothing has taken no lock and begun no write. `goes_on` says that one has just been dealt with.
    """
    at = now()
    due = Delivery.objects.filter(webhook=hook_id, state=DeliveryState.QUEUED, next_at__lte=at)
    if (not goes_on and time.monotonic() < _quiet.get(hook_id, 0)) or not due.exists():
        return None
    hook = Webhook.objects.filter(pk=hook_id).first()
    if hook is None or _rests(hook, at):
        return None
    if does_hang(hook.hangs) and count_hanging(at) >= MOST_HANGING:
        _be_quiet(hook_id, HANGING_WAIT)
        return None
    found, read = look_for_next(hook, at)
    if found is None:
        _be_quiet(hook_id, pause_after_look(read))
        return None
    return _claim(hook_id)


def _rests(hook: Webhook, at: datetime) -> bool:
    return hook.resting_until is not None and at < hook.resting_until


def _be_quiet(hook_id: UUID, pause: timedelta) -> None:
    if pause:
        _quiet[hook_id] = time.monotonic() + pause.total_seconds()
        wake(hook_id, at=now() + pause + _A_LITTLE)
    else:
        _quiet.pop(hook_id, None)


@write
def _claim(hook_id: UUID) -> Message | None:
    hook = lock(Webhook.objects.filter(pk=hook_id)).first()
    at = now()
    if hook is None or _rests(hook, at):
        return None
    is_allowed = may_have(hook)
    for _ in range(_MOST_GIVEN_UP):
        delivery = next_delivery(hook, at)
        if delivery is None:
            return None
        if not is_allowed:
            switch_off(hook, OWNER_LEFT)
            _give_up(delivery, OWNER_LEFT, at)
        elif not hook.is_active and delivery.type != PING:  # the log's reader queued it at the moment of switching off
            _give_up(delivery, SWITCHED_OFF, at)
        elif (body := body_of(hook, delivery)) is None:
            _give_up(delivery, "event_forgotten", at)
        elif (message := _begin(hook, delivery, body, at)) is not None:
            return message
    wake(hook.pk)
    return None


def _give_up(delivery: Delivery, error: str, at: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.FAILED, error=error, next_at=None, finished_at=at
    )


def _begin(hook: Webhook, delivery: Delivery, body: bytes, at: datetime) -> Message | None:
    """Note the attempt; one before it that nobody ended was cut off."""
    try:
        secrets = live_secrets(hook, at)
    except Unreadable:
        _give_up(delivery, "secret_unreadable", at)
        return None
    if delivery.sending_until is not None:
        Attempt.objects.filter(delivery=delivery, number=delivery.attempts, duration_ms=None).update(
            error="interrupted", detail="The worker ended before there was an answer.", duration_ms=0
        )
    headers = {"Content-Type": "application/json"}
    headers |= signed_headers(str(delivery.pk), at=at, body=body, live_secrets=secrets)
    delivery.attempts += 1
    delivery.first_at = delivery.first_at or at
    delivery.sending_until = at + SENDING_FOR
    delivery.save(update_fields=["attempts", "first_at", "sending_until"])
    Attempt.objects.create(
        delivery=delivery, number=delivery.attempts, url=hook.url, request_headers=headers, started_at=at
    )
    return Message(hook.pk, delivery.pk, delivery.attempts, hook.url, headers, body)

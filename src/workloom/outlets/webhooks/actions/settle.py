"""What came back: delivered, to be tried again, or given up."""

from dataclasses import dataclass, field
from datetime import datetime

from workloom.core.backoff import retry_at
from workloom.core.clock import in_milliseconds, now
from workloom.core.db import lock, write
from workloom.outlets.webhooks.actions.claim import Message
from workloom.outlets.webhooks.actions.queueing import wake
from workloom.outlets.webhooks.actions.switching import FAILING, GONE, SWITCHED_OFF, switch_off
from workloom.outlets.webhooks.models import Attempt, Delivery, DeliveryState, Webhook
from workloom.outlets.webhooks.rules import FAILS_FOR, PING, is_success, rest_after
from workloom.outlets.webhooks.rules import GONE as GONE_STATUS


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, or (status None) why there was none."""

    status: int | None
    duration_ms: int
    headers: list[list[str]] = field(default_factory=list)
    body: str = ""
    is_cut: bool = False
    error: str = ""
    detail: str = ""
    has_hung: bool = False

    @property
    def is_success(self) -> bool:
        return is_success(self.status)


@write
def settle(message: Message, outcome: Outcome, *, chance: float) -> None:
    """Write down what came of an attempt; `chance` is a random number from 0 up to 1, for the pause before the next.

    An attempt that another worker took over meanwhile is noted and changes nothing else, unless it arrived.
    """
    hook = lock(Webhook.objects.filter(pk=message.hook)).first()
    delivery = Delivery.objects.filter(pk=message.delivery).first()
    if hook is None or delivery is None:
        return
    _note(message, outcome)
    at = now()
    is_mine = delivery.attempts == message.number
    was_queued = delivery.state == DeliveryState.QUEUED
    if outcome.is_success and (is_mine or was_queued):
        _delivered(delivery, outcome, at)
    elif is_mine and was_queued:
        _failed(delivery, outcome, at, chance)
    elif is_mine and delivery.error == SWITCHED_OFF:
        delivery.status = outcome.status
        delivery.save(update_fields=["status"])
    _judge(hook, outcome, at, is_ping=delivery.type == PING)


def _note(message: Message, outcome: Outcome) -> None:
    Attempt.objects.filter(delivery=message.delivery, number=message.number).update(
        duration_ms=outcome.duration_ms,
        status=outcome.status,
        headers=outcome.headers,
        body=outcome.body,
        is_cut=outcome.is_cut,
        error=outcome.error,
        detail=outcome.detail,
    )


def _delivered(delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    delivery.state, delivery.finished_at, delivery.next_at = DeliveryState.DELIVERED, at, None
    _save(delivery, outcome)


def _failed(delivery: Delivery, outcome: Outcome, at: datetime, chance: float) -> None:
    attempt = delivery.attempts - delivery.round_from
    first_at = delivery.first_at or at
    again = None if delivery.type == PING else retry_at(attempt, first_at=first_at, now=at, chance=chance)
    if again is None:
        delivery.state, delivery.finished_at, delivery.next_at = DeliveryState.FAILED, at, None
    else:
        delivery.next_at = in_milliseconds(again)
        wake(delivery.webhook_id, at=delivery.next_at)
    _save(delivery, outcome)


def _save(delivery: Delivery, outcome: Outcome) -> None:
    delivery.status, delivery.error, delivery.sending_until = outcome.status, outcome.error, None
    delivery.save(update_fields=["state", "status", "error", "sending_until", "next_at", "finished_at"])


def _judge(hook: Webhook, outcome: Outcome, at: datetime, *, is_ping: bool) -> None:
    """Keep how the webhook fares; after five days without one success, or when it says that it is gone, switch it off.

    A ping tells whether it hangs, and no more.
    """
    was_failing = hook.failing_since
    if not is_ping:
        hook.failing_since = None if outcome.is_success else was_failing or at
    was_hanging, hook.hangs = hook.hangs, min(hook.hangs + 1, 1000) if outcome.has_hung else 0
    hook.resting_until = None
    if rest := rest_after(hook.hangs):
        hook.resting_until = at + rest
        wake(hook.pk, at=hook.resting_until)
    if rest or (was_failing, was_hanging) != (hook.failing_since, hook.hangs):
        hook.version += was_failing != hook.failing_since
        hook.save(update_fields=["failing_since", "hangs", "resting_until", "version"])
    if is_ping:
        return
    if outcome.status == GONE_STATUS:
        switch_off(hook, GONE)
    elif hook.failing_since is not None and at - hook.failing_since >= FAILS_FOR:
        switch_off(hook, FAILING)

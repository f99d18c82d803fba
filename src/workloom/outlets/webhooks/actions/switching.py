"""Switching a webhook off by itself, and what becomes of what it had to deliver."""

from workloom.core.actor import SYSTEM
from workloom.core.clock import now
from workloom.core.db import write
from workloom.events.post import post
from workloom.events.record import record
from workloom.outlets.webhooks.events import WebhookDisabled
from workloom.outlets.webhooks.models import Delivery, DeliveryState, Webhook
from workloom.outlets.webhooks.queries import admins_over
from workloom.outlets.webhooks.rules import PING, host_of

FAILING, GONE, OWNER_LEFT = "failing", "gone", "owner_left"
SWITCHED_OFF = "switched_off"
LETTER = "webhook_disabled"


@write
def switch_off(hook: Webhook, reason: str) -> None:
    """Switch a locked webhook off and tell the admins, by the log and by mail; one that is off already stays as it is."""
    if not hook.is_active:
        return
    hook.is_active, hook.disabled_reason, hook.disabled_at = False, reason, now()
    hook.version += 1
    hook.save(update_fields=["is_active", "disabled_reason", "disabled_at", "version"])
    fail_waiting(hook)
    host = host_of(hook.url)
    event = WebhookDisabled(
        object_id=hook.pk,
        version=hook.version,
        workspace=hook.workspace_id,
        project=hook.project_id,
        changes={"is_active": (True, False), "disabled_reason": ("", reason), "url": (host, host)},
    )
    record(event, actor=SYSTEM)
    for person in admins_over(hook):
        key = f"{LETTER}:{hook.pk}:{hook.version}:{person}"
        post(LETTER, person_id=person, args={"webhook": str(hook.pk)}, key=key)


def fail_waiting(hook: Webhook) -> int:
    """Give up what a webhook had to deliver, but for pings; it can be asked for again."""
    waiting = Delivery.objects.filter(webhook=hook, state=DeliveryState.QUEUED).exclude(type=PING)
    return waiting.update(state=DeliveryState.FAILED, error=SWITCHED_OFF, next_at=None, finished_at=now())

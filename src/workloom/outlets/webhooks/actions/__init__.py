"""What can be done with webhooks and deliveries."""

from workloom.outlets.webhooks.actions.change import change_webhook, create_webhook, delete_webhook, rotate_secret
from workloom.outlets.webhooks.actions.claim import Message, claim_next
from workloom.outlets.webhooks.actions.queueing import (
    SEND,
    ping_webhook,
    queue_events,
    redeliver,
    redeliver_many,
    wake,
    wake_forgotten,
)
from workloom.outlets.webhooks.actions.settle import Outcome, settle
from workloom.outlets.webhooks.actions.sweep import drop_project, forget_old_deliveries
from workloom.outlets.webhooks.actions.switching import LETTER, switch_off

__all__ = [
    "LETTER",
    "SEND",
    "Message",
    "Outcome",
    "change_webhook",
    "claim_next",
    "create_webhook",
    "delete_webhook",
    "drop_project",
    "forget_old_deliveries",
    "ping_webhook",
    "queue_events",
    "redeliver",
    "redeliver_many",
    "rotate_secret",
    "settle",
    "switch_off",
    "wake",
    "wake_forgotten",
]

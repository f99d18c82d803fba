"""The reader of the log that queues deliveries."""

from workloom.events.rows import Published
from workloom.outlets.webhooks.actions import queue_event
from workloom.outlets.webhooks.rules import is_for_webhooks


def consume(event: Published) -> None:
    """Queue an event for the webhooks that want it."""
    if is_for_webhooks(event):
        queue_event(event)

"""The reader of the log that queues deliveries."""

from collections.abc import Sequence

from workloom.events.consumers import together
from workloom.events.rows import Published
from workloom.outlets.webhooks.actions import queue_events
from workloom.outlets.webhooks.rules import is_for_webhooks


@together
def consume(events: Sequence[Published]) -> None:
    """Queue events for the webhooks that want them."""
    queue_events([event for event in events if is_for_webhooks(event)])

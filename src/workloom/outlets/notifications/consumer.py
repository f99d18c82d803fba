"""What this room does with each event of the log."""

from collections.abc import Sequence

from workloom.events.consumers import together
from workloom.events.rows import Published
from workloom.outlets.notifications.actions import notify_of, plan_digests_anew
from workloom.outlets.notifications.rules.reasons import is_told

_MOVES_HOURS = frozenset({"time_zone", "notification_settings"})


@together
def consume(events: Sequence[Published]) -> None:
    """Tell people of them; what an import writes is told to nobody."""
    told = [event for event in events if event.via != "import"]
    notify_of(*(event for event in told if is_told(event.type)))
    for event in told:
        if event.type == "person.updated" and _MOVES_HOURS & event.changes.keys():
            plan_digests_anew(event.object_id)

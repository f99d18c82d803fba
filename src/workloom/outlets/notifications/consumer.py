"""What this room does with each event of the log."""

from workloom.events.rows import Published
from workloom.outlets.notifications.actions import notify_of, plan_digests_anew
from workloom.outlets.notifications.rules.reasons import is_told

_MOVES_HOURS = frozenset({"time_zone", "notification_settings"})


def consume(event: Published) -> None:
    """Tell people of it; what an import writes is told to nobody."""
    if event.via == "import":
        return
    if is_told(event.type):
        notify_of(event)
    elif event.type == "person.updated" and _MOVES_HOURS & event.changes.keys():
        plan_digests_anew(event.object_id)

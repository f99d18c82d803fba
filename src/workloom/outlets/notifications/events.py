"""What this room records."""

from typing import ClassVar

from workloom.events.record import Audience, Event


class PreferenceChanged(Event):
    """Somebody wants to be told otherwise of one project: `kinds`."""

    type: ClassVar[str] = "notification_preference.changed"
    object_type: ClassVar[str] = "notification_preference"
    audience: ClassVar[Audience] = Audience.PERSON

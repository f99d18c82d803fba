"""What the API shows of the log, beside the events themselves."""

from datetime import datetime
from uuid import UUID

import msgspec

from workloom.events.rows import EventRow


class Feed(msgspec.Struct, frozen=True):
    """Events in the order of their numbers; `next` is the `after` of the next call, also when there are none."""

    results: list[EventRow]
    next: int


class AuditRow(EventRow, frozen=True):
    """An event with the names that audit logs usually have."""

    user_id: UUID | None
    action: str
    model_name: str
    ip_address: str | None
    user_agent: str | None
    timestamp: datetime

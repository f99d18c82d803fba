"""Reading one's notifications. It is no event of the log: nobody else is told what somebody has read."""

from django.db.models import F, QuerySet

from workloom.core.clock import now
from workloom.core.db import write
from workloom.outlets.notifications.models import Notification


@write
def mark_read(found: Notification) -> None:
    """Note that it was read; again changes nothing."""
    if found.read_at is None:
        found.read_at = now()
        _save(found, "read_at")


@write
def mark_unread(found: Notification) -> None:
    """Make it look new again."""
    if found.read_at is not None:
        found.read_at = None
        _save(found, "read_at")


@write
def mark_all_read(found: QuerySet[Notification]) -> int:
    """Mark what a query finds, and return how many of it were unread."""
    return found.filter(read_at__isnull=True).update(read_at=now(), version=F("version") + 1)


@write
def remove_notification(found: Notification) -> None:
    """Take it off the list for good; the row stays a while, so that nothing tells the same again."""
    found.is_listed, found.read_at = False, found.read_at or now()
    found.digest_at, found.digest = None, None
    _save(found, "is_listed", "read_at", "digest_at", "digest")


def _save(found: Notification, *fields: str) -> None:
    found.version += 1
    found.save(update_fields=[*fields, "version"])

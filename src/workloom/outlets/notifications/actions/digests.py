"""The daily mail: what is due for it is gathered when the person's hour has come."""

from datetime import datetime
from uuid import UUID

from workloom.core.clock import now, today_in
from workloom.core.db import write
from workloom.events.post import post
from workloom.outlets.notifications.models import Digest, Notification
from workloom.outlets.notifications.queries.letters import UNREAD
from workloom.outlets.notifications.rules.hours import digest_time
from workloom.people.accounts.models import User
from workloom.people.accounts.queries import people
from workloom.people.accounts.rules.notices import digest_hour, quiet_hours

AT_ONCE = 500


def send_digests(limit: int = AT_ONCE) -> int:
    """Gather a digest for each person whose hour has come, and return for how many; a regular duty."""
    moment = now()
    due = Notification.objects.filter(digest_at__lte=moment).order_by().values_list("user_id", flat=True).distinct()
    return sum(_gather(person, moment) for person in list(due[:limit]))


@write
def _gather(person: UUID, moment: datetime) -> bool:
    """Put what is due and unread into one digest; when this day had one already, it waits for the next."""
    user = people().get(pk=person)
    due = Notification.objects.filter(user=person, digest_at__lte=moment)
    if not user.is_active or not due.filter(UNREAD).exists():
        due.update(digest_at=None)
        return False
    day = today_in(user.time_zone, moment)
    digest, is_new = Digest.objects.get_or_create(user=user, day=day, defaults={"created_at": moment})
    if not is_new:
        due.update(digest_at=_next(user, moment))
        return False
    due.update(digest_at=None, digest=digest.pk)
    post("digest", person_id=person, args={"digest": str(digest.pk)}, key=f"digest:{person}:{day}")
    return True


@write
def plan_digests_anew(person: UUID) -> int:
    """Move what waits for a digest to the person's present hour and zone."""
    user = people().get(pk=person)
    waiting = Notification.objects.filter(user=person, digest_at__isnull=False)
    return waiting.update(digest_at=_next(user, now()))


def _next(user: User, moment: datetime) -> datetime:
    said = user.notification_settings
    return digest_time(moment, digest_hour(said), quiet_hours(said), user.time_zone)

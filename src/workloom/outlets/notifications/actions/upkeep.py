"""What goes: notifications that were read long ago, and everything of somebody whose name is erased."""

from datetime import timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.outlets.notifications.models import Digest, Notification, Preference
from workloom.people.accounts.models import User

M = TypeVar("M", bound=Model)
KEPT_FOR = timedelta(days=90)
UNREAD_FOR = timedelta(days=365)
AT_ONCE = 1000


def sweep_notifications() -> int:
    """Delete what was read 90 days ago or left unread for a year, and return how many that were; a regular duty."""
    end = now() - KEPT_FOR
    _delete_all(Digest.objects.filter(created_at__lt=end))
    forgotten = Notification.objects.filter(read_at__isnull=True, created_at__lt=now() - UNREAD_FOR)
    return _delete_all(Notification.objects.filter(read_at__lt=end)) + _delete_all(forgotten)


def _delete_all(old: QuerySet[M]) -> int:
    total = 0
    while True:
        done = _delete(old)
        total += done
        if done < AT_ONCE:
            return total


@write
def _delete(old: QuerySet[M]) -> int:
    """A batch at a time, so that writers need not wait."""
    keys = list(old.order_by().values_list("pk", flat=True)[:AT_ONCE])
    old.model._default_manager.filter(pk__in=keys).delete()  # noqa: SLF001 - Django's name for it on a class not known before
    return len(keys)


@write
def forget_person(user: User, *, actor: Actor) -> None:
    """Delete what somebody was told and wanted to be told; see config/seams.py."""
    for rows in (
        Notification.objects.filter(user=user),
        Digest.objects.filter(user=user),
        Preference.objects.filter(user=user),
    ):
        rows.delete()

"""Regular duties, at fixed intervals in UTC: any number of processes may tick, each duty is carried out once."""

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from workloom.core.clock import now
from workloom.events.models import Tick

logger = logging.getLogger("workloom.ticks")


def run_ticks() -> list[str]:
    """Carry out the duties that are due, and return their names."""
    due = [name for name, seconds in settings.TICKS.items() if _take(name, seconds)]
    for name in due:
        import_string(name)()
    return due


def _take(name: str, seconds: int) -> bool:
    """Move a duty's next time on; only one process succeeds."""
    moment = now()
    if Tick.objects.filter(pk=name, due_at__gt=moment).exists():
        return False
    following = next_time(moment, seconds)
    if Tick.objects.filter(pk=name, due_at__lte=moment).update(due_at=following):
        return True
    _, is_new = Tick.objects.get_or_create(pk=name, defaults={"due_at": following})
    return is_new


def next_time(after: datetime, seconds: int) -> datetime:
    """Return the next whole multiple of an interval since 1970."""
    passed = int(after.timestamp())
    return datetime.fromtimestamp(passed - passed % seconds, UTC) + timedelta(seconds=seconds)

"""Regular duties, at fixed intervals in UTC: any number of processes may tick, each duty is carried out once."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Min
from django.utils.module_loading import import_string

from workloom.core.clock import now
from workloom.events.models import Tick

logger = logging.getLogger("workloom.ticks")
_OFTEN_S: Final = 60


def run_ticks() -> list[str]:
    """Carry out the duties that are due, and return their names; one that fails is logged and comes again at its next time.

    Each is taken right before it is carried out: a process that dies leaves the others to whoever ticks next.
    """
    return _run(settings.TICKS)


def run_frequent_ticks() -> list[str]:
    """Carry out those that come each minute or more often: a thread of their own keeps them from waiting for long ones."""
    return _run({name: seconds for name, seconds in settings.TICKS.items() if seconds <= _OFTEN_S})


def run_rare_ticks() -> list[str]:
    """Carry out the others, which may take long."""
    return _run({name: seconds for name, seconds in settings.TICKS.items() if seconds > _OFTEN_S})


def _run(duties: Mapping[str, int]) -> list[str]:
    ahead = set(Tick.objects.filter(pk__in=list(duties), due_at__gt=now()).values_list("name", flat=True))
    done = []
    for name, seconds in duties.items():
        if name not in ahead and _take(name, seconds):
            _carry_out(name)
            done.append(name)
    return done


def _carry_out(name: str) -> None:
    try:
        import_string(name)()
    except Exception:  # the outermost wrapper of a duty: the others have their turn whatever this one raises
        logger.exception("The regular duty %s failed", name)


def oldest_overdue_s() -> float:
    """Return for how many seconds the most overdue duty has waited; 0 when none waits."""
    first = Tick.objects.filter(pk__in=list(settings.TICKS)).aggregate(first=Min("due_at"))["first"]
    return max(0.0, (now() - first).total_seconds()) if first else 0.0


def _take(name: str, seconds: int) -> bool:
    """Move a duty's next time on; only one process succeeds."""
    moment = now()
    following = next_time(moment, seconds)
    if Tick.objects.filter(pk=name, due_at__lte=moment).update(due_at=following):
        return True
    _, is_new = Tick.objects.get_or_create(pk=name, defaults={"due_at": following})
    return is_new


def next_time(after: datetime, seconds: int) -> datetime:
    """Return the next whole multiple of an interval since 1970."""
    passed = int(after.timestamp())
    return datetime.fromtimestamp(passed - passed % seconds, UTC) + timedelta(seconds=seconds)

"""Work done later: written to the database with the change that wants it, carried out at least once, retried with growing pauses."""

import logging
import random
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet

from workloom.core.clock import now
from workloom.core.context import Context, using_context
from workloom.core.db import vendor, write
from workloom.core.ids import uuid7
from workloom.events.models import Job, JobState, Lane
from workloom.events.ticks import run_ticks

logger = logging.getLogger("workloom.jobs")
KEPT_FOR = timedelta(days=7)
_wake = threading.Event()


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of job is run; `lease_s` is how long one run may take before another worker may start it again."""

    run: Callable[..., None]
    tries: int
    lease_s: int
    lane: Lane


_kinds: dict[str, Kind] = {}


def job(
    name: str, *, tries: int = 8, lease_s: int = 300, lane: str = "quick"
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as a kind of job; it must be harmless to run twice."""
    chosen = Lane(lane)

    def register(run: Callable[..., None]) -> Callable[..., None]:
        _kinds[name] = Kind(run, tries, lease_s, chosen)
        return run

    return register


def enqueue(name: str, args: dict[str, Any], *, run_at: datetime | None = None, key: str | None = None) -> UUID | None:
    """Write a job in the present transaction; with a key that an unfinished job has, nothing (None)."""
    kind = _kinds.get(name)
    lane = kind.lane if kind else Lane.QUICK
    row = Job(id=uuid7(), name=name, lane=lane, args=args, run_at=run_at or now(), dedupe_key=key, created_at=now())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if key is None or not Job.objects.filter(dedupe_key=key).exists():
            raise
        return None
    transaction.on_commit(_wake.set)
    return row.id


def _due(lane: str | None) -> QuerySet[Job]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now())
    lanes = [lane] if lane else Lane.values
    return Job.objects.filter(free, state=JobState.QUEUED, lane__in=lanes, run_at__lte=now()).order_by("run_at")


def _claim(lane: str | None = None) -> Job | None:
    """Look plainly first: whoever finds nothing has taken no lock and begun no write."""
    return _claim_first(lane) if _due(lane).exists() else None


@write
def _claim_first(lane: str | None) -> Job | None:
    due = _due(lane)
    if vendor() != "sqlite":
        due = due.select_for_update(skip_locked=True)
    found = due.first()
    if found is None:
        return None
    kind = _kinds.get(found.name)
    found.lease, found.lease_until = uuid7(), now() + timedelta(seconds=kind.lease_s if kind else 60)
    found.attempts += 1
    found.save(update_fields=["lease", "lease_until", "attempts"])
    return found


def extend_lease(job_id: UUID, seconds: int) -> None:
    """Tell that a long job still runs."""
    Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(lease_until=now() + timedelta(seconds=seconds))


def run_due(limit: int = 100, lane: str | None = None) -> int:
    """Carry out what is due in a lane, or in all of them, up to `limit` jobs, and return how many that were."""
    for done in range(limit):
        claimed = _claim(lane)
        if claimed is None:
            return done
        _carry_out(claimed)
    return limit


def _carry_out(claimed: Job) -> None:
    kind = _kinds.get(claimed.name)
    try:
        with using_context(Context(request_id=str(claimed.id), via="job")):
            _kinds[claimed.name].run(**claimed.args)
    except Exception:
        logger.exception("Job %s (%s) failed", claimed.name, claimed.id)
        _fail(claimed, tries=kind.tries if kind else 1)
        return
    _mine(claimed).update(state=JobState.DONE, finished_at=now(), dedupe_key=None, lease=None, error="")


def _fail(claimed: Job, *, tries: int) -> None:
    error = traceback.format_exc()[-4000:]
    if claimed.attempts >= tries:
        _mine(claimed).update(state=JobState.FAILED, finished_at=now(), dedupe_key=None, lease=None, error=error)
        return
    pause = timedelta(seconds=min(3600, 5 * 2**claimed.attempts) * (0.75 + random.random() / 2))  # noqa: S311 - a pause, not a secret
    _mine(claimed).update(run_at=now() + pause, lease=None, lease_until=None, error=error)


def _mine(claimed: Job) -> Any:
    """Find the job only while the lease is ours: whoever took it over answers for it now."""
    return Job.objects.filter(pk=claimed.pk, lease=claimed.lease)


def failed_jobs() -> list[Job]:
    """Return the jobs that were given up, oldest first."""
    return list(Job.objects.filter(state=JobState.FAILED).order_by("finished_at")[:200])


@write
def retry_job(job_id: UUID) -> bool:
    """Put a job that was given up back in the queue."""
    found = Job.objects.filter(pk=job_id, state=JobState.FAILED)
    return bool(
        found.update(
            state=JobState.QUEUED,
            run_at=now(),
            attempts=0,
            lease=None,
            lease_until=None,
            finished_at=None,
            error=F("error"),
        )
    )


def forget_finished() -> int:
    """Delete jobs that were done a week ago."""
    return Job.objects.filter(state=JobState.DONE, finished_at__lt=now() - KEPT_FOR).delete()[0]


def run_forever(stop: threading.Event, *, pause_s: float = 1.0) -> None:
    """Work until told to stop: jobs as they are due, regular duties by their ticks; a lost database is waited for."""
    while not stop.is_set():
        close_old_connections()
        try:
            run_ticks()
            busy = run_due() > 0
        except Exception:
            logger.exception("The worker lost its footing and tries again")
            busy = False
        if not busy:
            _wake.wait(pause_s)
            _wake.clear()
    connection.close()

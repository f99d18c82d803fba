"""The queue as operators see it: what waits, what was given up, and putting that back."""

from datetime import timedelta
from itertools import product
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from workloom.core.clock import now
from workloom.core.db import after_commit, write
from workloom.core.errors import Missing
from workloom.events.hints import tell
from workloom.events.models import Job, JobState, Lane

KEPT_FOR = timedelta(days=7)
_AT_ONCE: Final = 1000
STATES: Final[tuple[str, ...]] = tuple(JobState.values)


def list_jobs(state: str | None = None, limit: int = 50) -> list[Job]:
    """Return jobs of a state, or all that are not done, by the time at which they are or were due."""
    states = [state] if state else [JobState.QUEUED, JobState.FAILED]
    return list(Job.objects.filter(state__in=states).order_by("run_at")[:limit])


def find_job(job_id: UUID) -> Job:
    """Return one job; raises Missing."""
    found = Job.objects.filter(pk=job_id).first()
    if found is None:
        raise Missing("job")
    return found


def count_jobs() -> dict[tuple[str, str], int]:
    """Return how many jobs wait or were given up, for each lane and state."""
    states = [str(JobState.QUEUED), str(JobState.FAILED)]
    found = dict.fromkeys(product(Lane.values, states), 0)
    rows = Job.objects.filter(state__in=states).order_by().values_list("lane", "state")
    return found | {(lane, state): count for lane, state, count in rows.annotate(count=Count("pk"))}


def failed_jobs() -> list[Job]:
    """Return the jobs that were given up, oldest first."""
    return list(Job.objects.filter(state=JobState.FAILED).order_by("finished_at")[:200])


@write
def retry_job(job_id: UUID) -> bool:
    """Put a job that was given up back in the queue; False when it was not given up."""
    return _retry(Job.objects.filter(pk=job_id)) == 1


@write
def retry_all_jobs() -> int:
    """Put every job that was given up back in the queue, and return how many that are."""
    return _retry(Job.objects.all())


def _retry(rows: QuerySet[Job]) -> int:
    after_commit(tell)
    return rows.filter(state=JobState.FAILED).update(
        state=JobState.QUEUED, run_at=now(), attempts=0, lease=None, lease_until=None, finished_at=None
    )


def forget_finished() -> int:
    """Delete jobs that were done a week ago; a regular duty."""
    total = 0
    while done := _forget_some():
        total += done
    return total


@write
def _forget_some() -> int:
    """A batch at a time, so that writers need not wait."""
    old = Job.objects.filter(state=JobState.DONE, finished_at__lt=now() - KEPT_FOR)
    return Job.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_AT_ONCE])).delete()[0]


@write
def remove_job(job_id: UUID) -> bool:
    """Delete a job that was given up and is wanted no more; False when it was not given up."""
    return Job.objects.filter(pk=job_id, state=JobState.FAILED).delete()[0] == 1

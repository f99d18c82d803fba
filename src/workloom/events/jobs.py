"""Work done later: written to the database with the change that wants it, carried out at least once, retried with growing pauses."""

import logging
import random
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import Error, IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet

from workloom.core.clock import now
from workloom.core.context import Context, using_context
from workloom.core.db import after_commit, vendor, write
from workloom.core.ids import uuid7, uuid7s
from workloom.core.prepared import Update, prepared, prepared_update
from workloom.core.rows import insert_rows, update_row
from workloom.events.hints import tell
from workloom.events.models import Job, JobState, Lane

logger = logging.getLogger("workloom.jobs")
_SOON = timedelta(seconds=1)


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
    moment = now()
    row = Job(id=uuid7(), name=name, lane=lane, args=args, run_at=run_at or moment, dedupe_key=key, created_at=moment)
    if not _is_written(row):
        return None
    if row.run_at < moment + _SOON:
        _tell_after_commit()
    return row.id


@dataclass(frozen=True, slots=True)
class Errand:
    """One of several jobs of the same kind."""

    args: dict[str, Any]
    run_at: datetime
    key: str | None = None


def enqueue_many(name: str, errands: Sequence[Errand]) -> None:
    """Write several jobs of one kind in one statement; those whose key an unfinished job has are left out."""
    kind = _kinds.get(name)
    lane, moment = kind.lane if kind else Lane.QUICK, now()
    rows = [
        Job(id=key, name=name, lane=lane, args=one.args, run_at=one.run_at, dedupe_key=one.key, created_at=moment)
        for key, one in zip(uuid7s(len(errands)), errands, strict=True)
    ]
    Job.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    if any(row.run_at < moment + _SOON for row in rows):
        _tell_after_commit()


def _is_written(row: Job) -> bool:
    if row.dedupe_key is None:
        insert_rows([row])
        return True
    try:
        with transaction.atomic():
            insert_rows([row])
    except IntegrityError:
        if not Job.objects.filter(dedupe_key=row.dedupe_key).exists():
            raise
        return False
    return True


def _tell_after_commit() -> None:
    """Once for all jobs of a transaction that are written one after the other."""
    last = connection.run_on_commit[-1:]
    if not last or last[0][1] is not tell:
        after_commit(tell)


def due_jobs(lane: str | None = None, at: datetime | None = None) -> QuerySet[Job]:
    """Return what waits for a worker now, in a lane or in all of them."""
    moment = at or now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=moment)
    lanes = [lane] if lane else Lane.values
    return Job.objects.filter(free, state=JobState.QUEUED, lane__in=lanes, run_at__lte=moment).order_by("run_at", "id")


@prepared
def _first_due(at: datetime, *, lane: str | None, is_locked: bool) -> QuerySet[Job]:
    due = due_jobs(lane, at)[:1]
    return due.select_for_update(skip_locked=True) if is_locked else due


def _claim(lane: str | None = None) -> Job | None:
    """Look plainly first: whoever finds nothing has taken no lock and begun no write."""
    return _claim_first(lane) if _first_due(now(), lane=lane, is_locked=False) else None


@write
def _claim_first(lane: str | None) -> Job | None:
    found = _first_due.first(now(), lane=lane, is_locked=vendor() != "sqlite")
    if found is None:
        return None
    kind = _kinds.get(found.name)
    found.lease, found.lease_until = uuid7(), now() + timedelta(seconds=kind.lease_s if kind else 60)
    found.attempts += 1
    update_row(found, ("lease", "lease_until", "attempts"))
    return found


def extend_lease(job_id: UUID, seconds: int) -> None:
    """Tell that a long job still runs."""
    Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(lease_until=now() + timedelta(seconds=seconds))


def run_due(limit: int = 100, lane: str | None = None, *, stop: threading.Event | None = None) -> int:
    """Carry out what is due in a lane, or in all of them, up to `limit` jobs, and return how many that were.

    Once `stop` is set nothing is begun: who ends has given back what it could not finish, and must not take it again.
    """
    _held.give_back_orphans()
    for done in range(limit):
        claimed = _claim(lane)
        if claimed is None:
            return done
        if stop is not None and stop.is_set():
            _put_back(claimed)
            return done
        with _held.holding(claimed):
            _carry_out(claimed)
    return limit


class _Held:
    """The jobs that this process runs at the moment, and those whose end it could not write: they can be given back."""

    def __init__(self) -> None:
        self._running: dict[UUID, Job] = {}
        self._orphans: list[Job] = []
        self._lock = threading.Lock()

    @contextmanager
    def holding(self, claimed: Job) -> Iterator[None]:
        with self._lock:
            self._running[claimed.pk] = claimed
        try:
            yield
        except Error:
            with self._lock:
                self._orphans.append(claimed)
            raise
        finally:
            with self._lock:
                self._running.pop(claimed.pk, None)

    def give_back_orphans(self) -> None:
        """The database is back: nobody needs to wait for the end of a lease that nobody uses."""
        if not self._orphans:
            return
        with self._lock:  # several lanes may find the database back at once
            taken, self._orphans = self._orphans, []
        try:
            while taken:
                _give_back(taken[-1])
                taken.pop()
        finally:
            with self._lock:
                self._orphans += taken

    def give_back_all(self) -> int:
        with self._lock:
            running = list(self._running.values())
        return sum(_give_back(claimed) for claimed in running)


_held = _Held()


def give_back_jobs() -> int:
    """Let others start at once what this process, which ends now, has not finished; return how many jobs that are."""
    return _held.give_back_all()


def _give_back(claimed: Job) -> int:
    given: int = _mine(claimed).update(lease=None, lease_until=None)
    return given


def _put_back(claimed: Job) -> None:
    """Leave a job that was not begun as it was."""
    _mine(claimed).update(lease=None, lease_until=None, attempts=F("attempts") - 1)


def _carry_out(claimed: Job) -> None:
    kind = _kinds.get(claimed.name)
    tries = kind.tries if kind else 1
    if claimed.attempts > tries:
        _fail(claimed, tries=tries, error=f"No worker lived to see its end in {tries} tries.")
        return
    try:
        with using_context(Context(request_id=str(claimed.id), via="job")):
            _kinds[claimed.name].run(**claimed.args)
    except Exception:
        logger.exception("Job %s (%s) failed", claimed.name, claimed.id)
        _fail(claimed, tries=tries, error=traceback.format_exc()[-4000:])
        return
    if claimed.lease is not None:
        _end(claimed.pk, claimed.lease, now())


@prepared_update
def _end(key: UUID, lease: UUID, at: datetime) -> Update:
    """Only while the lease is ours."""
    done = {"state": JobState.DONE, "finished_at": at, "dedupe_key": None, "lease": None, "error": ""}
    return Job.objects.filter(pk=key, lease=lease), done


def _fail(claimed: Job, *, tries: int, error: str) -> None:
    if claimed.attempts >= tries:
        _mine(claimed).update(state=JobState.FAILED, finished_at=now(), dedupe_key=None, lease=None, error=error)
        return
    pause = timedelta(seconds=min(3600, 5 * 2**claimed.attempts) * (0.75 + random.random() / 2))  # noqa: S311 - a pause, not a secret
    _mine(claimed).update(run_at=now() + pause, lease=None, lease_until=None, error=error)


def _mine(claimed: Job) -> Any:
    """Find the job only while the lease is ours: whoever took it over answers for it now."""
    return Job.objects.filter(pk=claimed.pk, lease=claimed.lease)

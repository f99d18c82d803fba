"""Counts and times over the tasks that a set of filters finds."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from workloom.core.actor import Actor
from workloom.core.clock import now, today_in
from workloom.work.tasks.models import Assignment, Task
from workloom.work.tasks.queries.listing import breached, overdue
from workloom.work.tasks.rows import CycleTime, Statistics, WeekCount
from workloom.work.tasks.rules import PRIORITY_NAMES, percentile

WEEKS = 12


def statistics_of(found: QuerySet[Task], actor: Actor) -> Statistics:
    """Count tasks in a fixed number of queries; weeks begin on Monday in the actor's zone, the last twelve are shown."""
    plain = found.order_by()
    by_status = dict(plain.values_list("status__slug").annotate(n=Count("pk")))
    by_priority = dict(plain.values_list("priority").annotate(n=Count("pk")))
    by_person = dict(
        Assignment.objects.filter(task__in=plain.values("pk")).values_list("user_id").annotate(n=Count("pk"))
    )
    total = sum(by_priority.values())
    unassigned = total - plain.filter(pk__in=Assignment.objects.values("task")).count()
    return Statistics(
        total=total,
        by_status=by_status,
        by_priority={name: by_priority.get(number, 0) for number, name in PRIORITY_NAMES.items()},
        by_assignee={str(user): count for user, count in by_person.items()}
        | ({"none": unassigned} if unassigned else {}),
        overdue=plain.filter(overdue(actor)).count(),
        sla_breached=plain.filter(breached(actor)).count(),
        completed_per_week=_weeks(plain, actor),
        cycle_time=_cycle_time(plain),
    )


def _weeks(found: QuerySet[Task], actor: Actor) -> list[WeekCount]:
    today = today_in(actor.zone, now())
    this_week = today - timedelta(days=today.weekday())
    first = this_week - timedelta(weeks=WEEKS - 1)
    since = now() - timedelta(weeks=WEEKS + 1)
    done = found.filter(status_category="done", completed_at__gte=since).values_list("completed_at", flat=True)
    zone = ZoneInfo(actor.zone)
    days = (moment.astimezone(zone).date() for moment in done.iterator(chunk_size=5000) if moment)
    counts: Counter[date] = Counter(day - timedelta(days=day.weekday()) for day in days)
    return [WeekCount(week, counts[week]) for week in (first + timedelta(weeks=n) for n in range(WEEKS))]


def _cycle_time(found: QuerySet[Task]) -> CycleTime:
    spans = found.filter(status_category="done", started_at__isnull=False, completed_at__isnull=False).values_list(
        "started_at", "completed_at"
    )
    seconds = sorted(
        max(0.0, (end - start).total_seconds()) for start, end in spans.iterator(chunk_size=5000) if start and end
    )
    return CycleTime(percentile(seconds, 0.50), percentile(seconds, 0.85), percentile(seconds, 0.95))

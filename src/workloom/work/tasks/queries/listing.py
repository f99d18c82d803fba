"""What the list of tasks offers: filters, orders and their other names."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from workloom.core.actor import Actor
from workloom.core.aliases import with_ids
from workloom.core.clock import now, today_in
from workloom.core.conditions import later
from workloom.core.filters import BadValue, choice, day_bound, flag, moment_bound, person, read_flag, reference
from workloom.core.ids import parse_uuid
from workloom.core.listing import Filter, Listing, Order
from workloom.core.search import search_condition
from workloom.work.projects.models import Project
from workloom.work.tasks.models import Assignment, TaskLabel
from workloom.work.tasks.queries.keys import refers_to
from workloom.work.tasks.queries.projection import TASKS
from workloom.work.tasks.queries.visible import visible_tasks
from workloom.work.tasks.rules import CLOSED, PRIORITY_WORDS
from workloom.work.workflows.models import StatusCategory
from workloom.work.workflows.queries import status_condition, status_condition_within, statuses_instead_of


def late(today_of: dict[str, list[str]], moment: datetime) -> Q:
    """Return the condition of being past due where `today_of` names, for a calendar day, the project zones in which it is today; none means all."""
    timed = Q(due_at__isnull=False, due_at__lt=moment)
    dated = Q(pk__in=[])
    for today, zones in today_of.items():
        in_zone = Q(project__time_zone__in=zones) if zones else Q()
        dated |= in_zone & Q(due_at__isnull=True, due_date__lt=today)
    return (timed | dated) & ~Q(status_category__in=CLOSED)


def overdue(actor: Actor) -> Q:
    """Return the condition of being past due, judged in the actor's zone."""
    moment = now()
    return late({today_in(actor.zone, moment).isoformat(): []}, moment)


def breached(actor: Actor) -> Q:
    """Return the condition of being past due, judged in each project's own zone."""
    moment, today_of = now(), dict[str, list[str]]()
    for zone in Project.objects.order_by().values_list("time_zone", flat=True).distinct():
        today_of.setdefault(moment.astimezone(ZoneInfo(zone)).date().isoformat(), []).append(zone)
    return late(today_of, moment) if today_of else Q(pk__in=[])


def assigned_to(user: Any) -> Q:
    """Return the condition that a person works on the task."""
    return later(_assigned_to, user)


def _assigned_to(user: Any) -> Q:
    return Q(Exists(Assignment.objects.filter(task=OuterRef("pk"), user=user)))


def _status(value: str, actor: Actor) -> Q:
    others = statuses_instead_of(value, actor)
    if others:
        raise BadValue(f"Send one of {', '.join(others)}.")
    return status_condition(value)


def _status_within(value: str, actor: Actor, project: UUID) -> Q:
    named_anywhere = _status(value, actor)
    return status_condition_within(project, value) or named_anywhere


def _labelled(value: str, actor: Actor) -> Q:
    if value == "none":
        return later(_bare)
    label = parse_uuid(value)
    if label is None:
        raise BadValue("Send an id (a UUID).")
    return later(_wearing, label)


def _bare() -> Q:
    return ~Q(Exists(TaskLabel.objects.filter(task=OuterRef("pk"))))


def _wearing(label: Any) -> Q:
    return Q(Exists(TaskLabel.objects.filter(label=label, task=OuterRef("pk"))))


def _key(value: str, actor: Actor) -> Q:
    condition = refers_to(value)
    if condition is None:
        raise BadValue("Send a task's key, for example ENG-42.")
    return condition


def _parent(value: str, actor: Actor) -> Q:
    if value == "none":
        return Q(parent__isnull=True)
    condition = refers_to(value)
    if condition is None:
        raise BadValue("Send a task's id, its key or none.")
    return Q(parent__in=visible_tasks(actor).filter(condition).values("pk"))


def _archived(value: str, actor: Actor) -> Q:
    return Q() if value == "any" else Q(is_archived=read_flag(value))


def _trashed(value: str, actor: Actor) -> Q:
    return Q(trashed_at__isnull=not read_flag(value))


def _idle() -> Q:
    return ~Q(Exists(Assignment.objects.filter(task=OuterRef("pk"))))


_nobody = later(_idle)

FILTERS = {
    "status": Filter(
        _status, help="A status by its slug or label, of any project that you see.", within=_status_within
    ),
    "status_category": choice("status_category", {name: name for name in StatusCategory.values}),
    "priority": choice("priority", PRIORITY_WORDS),
    "assignee": person(assigned_to, _nobody, "Who works on it: an id, me or none."),
    "reporter": person(lambda user: Q(reporter=user), help_text="Who reported it: an id or me."),
    "project": reference("project"),
    "board": reference("board"),
    "category": reference("category", nullable=True),
    "label": Filter(_labelled, kind="uuid", help="A label's id, or none."),
    "parent": Filter(_parent, help="A task's id or key, or none for tasks that are no subtasks."),
    "key": Filter(_key, help="A task's key, present or former."),
    "due_date": day_bound("due_date", "", nullable=True),
    "due_before": day_bound("due_date", "__lt"),
    "due_after": day_bound("due_date", "__gt"),
    "overdue": flag(overdue, "Past due in your time zone, and neither done nor cancelled."),
    "sla_breached": flag(breached, "Past due in the project's time zone, and neither done nor cancelled."),
    "is_completed": flag(lambda _: Q(status_category="done")),
    "created_before": moment_bound("created_at", "lt"),
    "created_after": moment_bound("created_at", "gt"),
    "updated_before": moment_bound("updated_at", "lt"),
    "updated_after": moment_bound("updated_at", "gt"),
    "search": Filter(lambda value, _: search_condition(value), many=False, help="Words in title, description or key."),
    "is_archived": Filter(
        _archived,
        kind="string",
        choices=("true", "false", "any"),
        many=False,
        help="Archived tasks are listed only when asked for.",
    ),
    "trashed": Filter(_trashed, kind="boolean", many=False, help="true lists the trash."),
}

LISTING = Listing(
    TASKS,
    orders={
        "created_at": Order("created_at"),
        "updated_at": Order("updated_at"),
        "due_date": Order("due_date", date, nullable=True),
        "priority": Order("priority", int),
        "rank": Order("rank", str),
        "title": Order("title", str),
        "number": Order("number", int),
        "start_date": Order("start_date", date, nullable=True),
        "completed_at": Order("completed_at", nullable=True),
        "estimate": Order("estimate", float, nullable=True),
        "status": Order("status__position", int),
    },
    filters=FILTERS,
    hidden_unless={"is_archived": Q(is_archived=False), "trashed": Q(trashed_at__isnull=True)},
    place="project",
    aliases={
        **with_ids(
            {
                **dict.fromkeys(("assignee", "assignees", "assigned_to", "assigned_user"), "assignee"),
                **dict.fromkeys(("reporter", "created_by"), "reporter"),
                **dict.fromkeys(("label", "labels"), "label"),
                **{name: name for name in ("project", "board", "category", "parent")},
            }
        ),
        "completed": "is_completed",
    },
)

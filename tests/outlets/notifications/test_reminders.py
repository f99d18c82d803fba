"""Reminders: at the person's hour, once per task and date, again when the date moves."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.factories import make_user
from tests.outlets.notifications.hearing import edit, mailed, told, watch
from tests.work.tasks.making import acting, make_task, make_tasks
from workloom.core.clock import frozen
from workloom.outlets.notifications.actions import remind
from workloom.outlets.notifications.models import Notification, ReminderClock
from workloom.people.accounts.models import User
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.tasks.actions import trash_task, unwatch_task
from workloom.work.tasks.models import Task

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NINE = datetime.fromisoformat("2026-11-20T09:00:00+00:00")


@pytest.fixture(autouse=True)
def clock() -> None:
    ReminderClock.objects.create(pk=1, done_until=NINE - timedelta(minutes=1))


def tick(at: datetime) -> int:
    with frozen(at):
        return remind()


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def test_of_what_is_due_today_and_what_was_due_yesterday(cast: Cast) -> None:
    for offset in (-3, -2, -1, 0, 1):
        make_task(cast.project, cast.admin, f"{offset}", assignees=[cast.member.pk], due_date=day(offset))
    assert tick(NINE - timedelta(seconds=30)) == 0
    assert tick(NINE) == 6
    found = Notification.objects.filter(user=cast.member).values_list("task__title", "kind")
    assert sorted(found) == [("-1", "overdue"), ("-2", "overdue"), ("0", "due_soon")]
    row = Notification.objects.get(user=cast.member, task__title="0")
    assert (row.event, row.actor_id, row.detail) == (None, None, {"due_date": "2026-11-20"})
    assert mailed(cast.member) == ["notification"] * 3


def test_once_and_when_it_is_past_once_more(cast: Cast) -> None:
    make_task(cast.project, cast.admin, due_date=TODAY)
    assert [tick(NINE), tick(NINE), tick(NINE + timedelta(minutes=1))] == [1, 0, 0]
    for days in (1, 2, 3):
        tick(NINE + timedelta(days=days))
    assert told(cast.admin) == ["due_soon", "overdue"]


def test_a_tick_that_died_is_done_again_and_tells_nobody_twice(cast: Cast) -> None:
    make_task(cast.project, cast.admin, due_date=TODAY)
    tick(NINE)
    ReminderClock.objects.update(done_until=NINE - timedelta(minutes=1))
    assert tick(NINE) == 0
    assert (told(cast.admin), mailed(cast.admin)) == (["due_soon"], ["notification"])


def test_again_when_the_date_moves(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, due_date=TODAY)
    tick(NINE)
    edit(task, cast.admin, due_date=day(1))
    tick(NINE + timedelta(days=1))
    edit(task, cast.admin, due_date=TODAY)
    edit(task, cast.admin, due_date=day(1))
    tick(NINE + timedelta(days=1, minutes=5))
    assert told(cast.admin) == ["due_soon", "due_soon"]


def test_who_works_on_it_and_who_watches_and_the_reporter_where_nobody_does(cast: Cast) -> None:
    worked = make_task(cast.project, cast.admin, assignees=[cast.member.pk], due_date=TODAY)
    idle = make_task(cast.project, cast.manager, due_date=TODAY)
    watch(worked, cast.viewer)
    for task, person in ((worked, cast.admin), (idle, cast.manager)):
        task.watchings.filter(user=person).delete()
    assert tick(NINE) == 3
    assert {name: told(person) for name, person in cast.people.items() if told(person)} == {
        "member": ["due_soon"],
        "viewer": ["due_soon"],
        "manager": ["due_soon"],
    }


def test_not_who_muted_it(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, due_date=TODAY)
    unwatch_task(task, cast.admin.pk, actor=acting(cast.admin))
    assert tick(NINE) == 0


def test_at_an_hour_of_ones_own_on_ones_own_clock(cast: Cast) -> None:
    User.objects.filter(pk=cast.member.pk).update(time_zone="America/New_York", reminder_hour=7)
    User.objects.filter(pk=cast.viewer.pk).update(time_zone="Asia/Kathmandu")
    task = make_task(cast.project, cast.admin, assignees=[cast.member.pk, cast.viewer.pk], due_date=TODAY)
    task.watchings.all().delete()
    ReminderClock.objects.update(done_until=NINE - timedelta(hours=8))
    nepal, new_york = NINE.replace(hour=3, minute=15), NINE.replace(hour=12)
    assert [tick(nepal - timedelta(minutes=1)), told(cast.viewer)] == [0, []]
    assert [tick(nepal), told(cast.viewer)] == [1, ["due_soon"]]
    assert [tick(new_york - timedelta(minutes=1)), told(cast.member)] == [0, []]
    assert [tick(new_york), told(cast.member)] == [1, ["due_soon"]]


def test_an_instant_is_due_within_a_day_and_then_past(cast: Cast) -> None:
    at = NINE + timedelta(hours=23)
    soon = make_task(cast.project, cast.admin, due_date=at.date(), due_at=at)
    later = make_task(cast.project, cast.admin, due_date=day(1), due_at=NINE + timedelta(hours=25))
    tick(NINE)
    assert list(Notification.objects.values_list("task", "kind")) == [(soon.pk, "due_soon")]
    tick(NINE + timedelta(days=1))
    assert set(Notification.objects.values_list("task", "kind")) == {
        (soon.pk, "due_soon"),
        (soon.pk, "overdue"),
        (later.pk, "due_soon"),
    }


@pytest.mark.parametrize("state", ["done", "cancelled", "archived", "trashed", "archived project", "lost access"])
def test_not_of_what_needs_nobody_any_more(cast: Cast, state: str) -> None:
    status = state if state in ("done", "cancelled") else ""
    task = make_task(cast.project, cast.manager, status=status, due_date=TODAY)
    if state == "archived":
        Task.objects.update(is_archived=True)
    elif state == "trashed":
        trash_task(task, actor=acting(cast.admin))
    elif state == "archived project":
        Project.objects.update(is_archived=True)
    elif state == "lost access":
        ProjectMember.objects.filter(user=cast.manager).delete()
    assert tick(NINE) == 0


def test_after_a_sleep_the_last_hour_counts(cast: Cast) -> None:
    make_task(cast.project, cast.admin, "yesterday", due_date=day(-1))
    make_task(cast.project, cast.admin, "today", due_date=TODAY)
    ReminderClock.objects.update(done_until=NINE - timedelta(days=3))
    tick(NINE + timedelta(hours=5))
    assert set(Notification.objects.values_list("task__title", "kind")) == {
        ("yesterday", "overdue"),
        ("today", "due_soon"),
    }


def test_a_new_clock_begins_now(cast: Cast) -> None:
    ReminderClock.objects.all().delete()
    make_task(cast.project, cast.admin, due_date=TODAY)
    assert [tick(NINE), tick(NINE + timedelta(minutes=1))] == [0, 0]
    assert ReminderClock.objects.get().done_until == NINE + timedelta(minutes=1)


def test_most_ticks_look_at_nothing_and_no_tick_costs_more_with_more_people(cast: Cast) -> None:
    def cost(at: datetime) -> int:
        with CaptureQueriesContext(connection) as captured:
            tick(at)
        return len(captured)

    make_tasks(cast.project, cast.admin, ["one", "two"], due_date=TODAY)
    few = cost(NINE)
    team = [make_user() for _ in range(6)]
    ProjectMember.objects.bulk_create(
        ProjectMember(project=cast.project, user=user, role="member", created_at=NINE) for user in team
    )
    make_tasks(
        cast.project, cast.admin, [f"t{at}" for at in range(6)], due_date=day(1), assignees=[user.pk for user in team]
    )
    assert cost(NINE + timedelta(minutes=5)) <= 3
    many = cost(NINE + timedelta(days=1))
    assert Notification.objects.count() == 2 + 2 + 6 * 7
    assert many == few

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import make_task, make_tasks
from workloom.core.clock import frozen
from workloom.core.context import Context, using_context
from workloom.events.queries import log_rows
from workloom.work.projects.models import Project
from workloom.work.tasks.actions import record_breaches
from workloom.work.tasks.models import Task
from workloom.work.tasks.rules import Due, breach_moment

DAY = date(2026, 11, 30)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
LATER = datetime(2027, 1, 15, tzinfo=UTC)


def tick(at: datetime) -> int:
    with frozen(at):
        return record_breaches()


def told() -> list[Any]:
    return list(log_rows().filter(type="task.sla_breached").order_by("n").values_list("object_key", flat=True))


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        ("UTC", DAY, datetime(2026, 12, 1, tzinfo=UTC)),
        ("Pacific/Kiritimati", DAY, datetime(2026, 11, 30, 10, tzinfo=UTC)),
        ("Pacific/Pago_Pago", DAY, datetime(2026, 12, 1, 11, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 23), datetime(2026, 4, 23, 22, tzinfo=UTC)),
        ("America/Havana", date(2026, 3, 7), datetime(2026, 3, 8, 5, tzinfo=UTC)),
        ("America/Havana", date(2026, 10, 31), datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
    ids=str,
)
def test_a_day_is_over_when_the_next_begins_in_the_zone(zone: str, day: date, moment: datetime) -> None:
    assert breach_moment(Due(day), zone) == moment


def test_an_instant_is_the_same_everywhere_and_the_last_day_of_all_never_ends() -> None:
    assert breach_moment(Due(DAY, NOON), "Asia/Tokyo") == NOON
    assert breach_moment(Due(date.max), "UTC") is None
    assert breach_moment(Due(), "UTC") is None


def test_a_task_past_its_instant_is_told_of_once(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, due_date=DAY, due_at=NOON)
    assert tick(NOON - timedelta(milliseconds=1)) == 0
    assert tick(NOON + timedelta(seconds=1)) == 1
    assert tick(NOON + timedelta(seconds=21)) == 0
    assert recorded("task.sla_breached") == [("task.sla_breached", {"sla_breached": [False, True]})]
    row = log_rows().get(type="task.sla_breached")
    assert (row.actor_kind, row.actor_id, row.subject_id, row.object_version) == ("system", None, task.pk, 2)
    assert Task.objects.get().version == 2


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
def test_a_date_is_judged_in_the_projects_zone(cast: Cast, zone: str) -> None:
    cast.project.time_zone = zone
    cast.project.save()
    make_task(cast.project, cast.admin, due_date=DAY)
    moment = breach_moment(Due(DAY), zone)
    assert moment is not None
    assert tick(moment - timedelta(seconds=1)) == 0
    assert tick(moment) == 1


def test_what_the_tick_tells_and_what_the_api_computes_agree(api: Api, cast: Cast) -> None:
    cast.project.time_zone = "Africa/Cairo"
    cast.project.save()
    task = make_task(cast.project, cast.admin, due_date=date(2026, 4, 23))
    for minutes in (-1, 0, 1, 59, 61):
        at = datetime(2026, 4, 23, 22, tzinfo=UTC) + timedelta(minutes=minutes)
        tick(at)
        with frozen(at):
            shown = api.as_(cast.admin).get(f"/api/v1/tasks/{task.pk}/").json()["sla_breached"]
        assert shown is bool(told()), minutes


def test_another_date_may_be_missed_again_and_the_old_one_not(cast: Cast, api: Api) -> None:
    task = make_task(cast.project, cast.admin, due_date=DAY)
    admin = api.as_(cast.admin)
    assert tick(LATER) == 1
    admin.patch(f"/api/v1/tasks/{task.pk}/", {"due_date": "2027-02-01"})
    assert tick(LATER) == 0
    admin.patch(f"/api/v1/tasks/{task.pk}/", {"due_date": str(DAY)})
    tick(LATER)
    assert len(told()) == 1
    admin.patch(f"/api/v1/tasks/{task.pk}/", {"due_date": "2027-01-02"})
    tick(LATER)
    assert len(told()) == 2


def test_a_date_sent_back_unchanged_is_no_news(cast: Cast, api: Api) -> None:
    task = make_task(cast.project, cast.admin, due_date=DAY)
    tick(LATER)
    api.as_(cast.admin).patch(f"/api/v1/tasks/{task.pk}/", {"due_date": str(DAY), "title": "Other"})
    assert tick(LATER) == 0


def test_a_task_that_was_done_in_time_is_told_of_when_it_is_open_again(cast: Cast, api: Api) -> None:
    task = make_task(cast.project, cast.admin, status="done", due_date=DAY)
    assert tick(LATER) == 0
    api.as_(cast.admin).patch(f"/api/v1/tasks/{task.pk}/status/", {"status": "todo"})
    assert tick(LATER) == 1


@pytest.mark.parametrize(
    "fields", [{"is_archived": True}, {"trashed_at": NOON}, {"status_category": "cancelled"}, {"due_date": None}]
)
def test_what_nobody_works_on_is_not_late(cast: Cast, fields: dict[str, Any]) -> None:
    task = make_task(cast.project, cast.admin, due_date=DAY)
    Task.objects.filter(pk=task.pk).update(**fields)
    assert tick(LATER) == 0
    assert told() == []


@pytest.mark.parametrize("fields", [{"is_archived": True}, {"trashed_at": NOON}])
def test_a_project_that_was_put_away_rests(cast: Cast, fields: dict[str, Any]) -> None:
    make_task(cast.project, cast.admin, due_date=DAY)
    Project.objects.filter(pk=cast.project.pk).update(**fields)
    assert tick(LATER) == 0


def test_what_was_late_when_it_was_imported_is_no_news(cast: Cast) -> None:
    with using_context(Context(via="import")), frozen(LATER):
        make_task(cast.project, cast.admin, "old", due_date=DAY)
        make_task(cast.project, cast.admin, "new", due_date=date(2027, 2, 1))
    assert tick(LATER) == 0
    assert tick(LATER + timedelta(days=30)) == 1


def test_more_late_tasks_cost_no_more_queries(cast: Cast) -> None:
    make_tasks(cast.project, cast.admin, [f"few {n}" for n in range(3)], due_date=DAY)
    with CaptureQueriesContext(connection) as few:
        assert tick(LATER) == 3
    make_tasks(cast.project, cast.admin, [f"many {n}" for n in range(30)], due_date=DAY)
    with CaptureQueriesContext(connection) as many:
        assert tick(LATER) == 30
    assert len(many) == len(few)


def test_more_than_a_batch_is_told_in_one_tick(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workloom.work.tasks.actions.breaches.BATCH", 4)
    make_tasks(cast.project, cast.admin, [f"{n}" for n in range(10)], due_date=DAY)
    assert tick(LATER) == 10
    assert len(told()) == len(set(told())) == 10


def path(task: Task) -> str:
    return f"/api/v1/tasks/{task.pk}/"


def test_a_task_that_comes_out_of_the_archive_or_the_trash_is_told_of(cast: Cast, api: Api) -> None:
    admin = api.as_(cast.admin)
    archived, trashed = make_tasks(cast.project, cast.admin, ["archived", "trashed"], due_date=DAY)
    admin.patch(path(archived), {"is_archived": True})
    admin.delete(path(trashed))
    assert tick(LATER) == 0
    admin.patch(path(archived), {"is_archived": False})
    assert tick(LATER) == 1
    admin.post(f"{path(trashed)}restore/")
    assert tick(LATER) == 1


def test_tasks_of_a_project_that_comes_out_of_the_archive_are_told_of(cast: Cast, api: Api) -> None:
    admin, project = api.as_(cast.admin), f"/api/v1/projects/{cast.project.pk}/"
    make_task(cast.project, cast.admin, due_date=DAY)
    admin.patch(project, {"is_archived": True})
    assert tick(LATER) == 0
    assert admin.patch(project, {"is_archived": False}).status_code == 200
    assert tick(LATER) == 1


def test_what_rests_is_looked_at_once_a_day(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, due_date=DAY)
    Task.objects.filter(pk=task.pk).update(is_archived=True)
    tick(LATER)
    Task.objects.filter(pk=task.pk).update(is_archived=False)
    assert tick(LATER + timedelta(hours=23)) == 0
    assert tick(LATER + timedelta(hours=25)) == 1


@pytest.mark.parametrize(("zone", "hour"), [("Pacific/Kiritimati", 10), ("Pacific/Pago_Pago", 35)])
def test_a_project_that_moves_to_another_zone_moves_its_days(cast: Cast, api: Api, zone: str, hour: int) -> None:
    make_task(cast.project, cast.admin, due_date=DAY)
    midnight = datetime(2026, 11, 30, tzinfo=UTC)
    with frozen(midnight):
        api.as_(cast.admin).patch(f"/api/v1/projects/{cast.project.pk}/", {"time_zone": zone})
    for look in (hour - 1, hour - 0.01):
        assert tick(midnight + timedelta(hours=look)) == 0
    assert tick(midnight + timedelta(hours=hour)) == 1


def test_a_status_that_is_no_longer_done_opens_what_was_late(cast: Cast, api: Api) -> None:
    make_task(cast.project, cast.admin, status="done", due_date=DAY)
    workflow = f"/api/v1/projects/{cast.project.pk}/workflow/"
    statuses = api.as_(cast.admin).get(workflow).json()["statuses"]
    for status in statuses:
        status["category"] = "review" if status["slug"] == "done" else status["category"]
    spare = {"label": "Finished", "category": "done"}
    answer = api.as_(cast.admin).put(workflow, {"statuses": [*statuses, spare]})
    assert answer.status_code == 200, answer.content
    assert tick(LATER) == 1


def test_a_done_task_is_not_looked_at(cast: Cast, api: Api) -> None:
    task = make_task(cast.project, cast.admin, due_date=DAY)
    api.as_(cast.admin).patch(f"{path(task)}status/", {"status": "done"})
    assert list(Task.objects.values_list("breach_watch", flat=True)) == [None]

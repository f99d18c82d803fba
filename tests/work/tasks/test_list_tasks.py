from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.work.tasks.making import make_task, make_tasks
from workloom.core import clock
from workloom.core.clock import now, today_in
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.listing import LISTING

TASKS = "/api/v1/tasks/"


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [task["title"] for task in answer.json()["results"]]


def found(api: Api, cast: Cast, **query: str) -> set[str]:
    return set(titles(api.as_(cast.member).get(TASKS, query)))


def test_members_see_all_guests_their_own_outsiders_none(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin, "all")
    make_task(cast.project, cast.admin, "assigned", assignees=(cast.guest.pk,))
    make_task(cast.project, cast.guest, "reported")
    make_task(cast.far_project, cast.outsider, "far")
    assert set(titles(api.as_(cast.viewer).get(TASKS))) == {"all", "assigned", "reported"}
    assert set(titles(api.as_(cast.guest).get(TASKS))) == {"assigned", "reported"}
    assert set(titles(api.as_(cast.outsider).get(TASKS))) == {"far"}
    assert set(titles(api.as_(cast.owner).get(TASKS))) == {"all", "assigned", "reported"}
    assert set(titles(api.as_(cast.workspace_member).get(TASKS))) == set()
    assert set(titles(api.as_(cast.operator).get(TASKS))) == {"all", "assigned", "reported", "far"}


@pytest.mark.parametrize("ordering", list(LISTING.ordering_names))
def test_walking_any_order_sees_each_task_once(api: Api, cast: Cast, ordering: str) -> None:
    made = make_tasks(cast.project, cast.admin, [f"t{n % 5}" for n in range(23)])
    for at, task in enumerate(made):
        due = today_in("UTC", now()) + timedelta(days=at // 3) if at % 3 else None
        Task.objects.filter(pk=task.pk).update(
            due_date=due, start_date=due, estimate=at % 4 or None, priority=1 + at % 4
        )
    member = api.as_(cast.member)
    seen: list[str] = []
    url, query = TASKS, {"ordering": ordering, "page_size": "5"}
    answer = member.get(url, query)
    pages = [answer.json()]
    while pages[-1]["next"]:
        pages.append(member.get(pages[-1]["next"].replace("http://testserver", "")).json())
    seen = [task["id"] for page in pages for task in page["results"]]
    assert len(seen) == len(set(seen)) == 23
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(member.get(back[-1]["previous"].replace("http://testserver", "")).json())
    assert [task["id"] for page in reversed(back) for task in page["results"]] == seen
    assert seen == [
        task["id"] for task in member.get(TASKS, {"ordering": ordering, "page_size": "100"}).json()["results"]
    ]


def test_a_page_by_number_counts(api: Api, cast: Cast) -> None:
    make_tasks(cast.project, cast.admin, ["a", "b", "c"])
    page = api.as_(cast.member).get(TASKS, {"page": "2", "page_size": "2"}).json()
    assert (page["count"], len(page["results"]), page["next"]) == (3, 1, None)
    assert "page=1" in page["previous"]
    assert api.as_(cast.member).get(TASKS, {"page": "3", "page_size": "2"}).status_code == 404
    assert "count" not in api.as_(cast.member).get(TASKS).json()
    assert api.as_(cast.member).get(TASKS, {"count": "true"}).json()["count"] == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"stat": "todo"}, "stat"),
        ({"ordering": "password"}, "ordering"),
        ({"page_size": "201"}, "page_size"),
        ({"page_size": "0"}, "page_size"),
        ({"fields": "id,secret"}, "fields"),
        ({"expand": "watchers"}, "expand"),
        ({"priority": "huge"}, "priority"),
        ({"status": "todo,huge"}, "status"),
        ({"status": ""}, "status"),
        ({"assignee": "bob"}, "assignee"),
        ({"project": "x"}, "project"),
        ({"due_before": "soon"}, "due_before"),
        ({"is_archived": "maybe"}, "is_archived"),
        ({"cursor": "x"}, "cursor"),
        ({"overdue!": "true"}, "overdue!"),
        ({"status_category": "doing"}, "status_category"),
    ],
)
def test_nothing_is_silently_ignored(api: Api, cast: Cast, query: dict[str, str], field: str) -> None:
    answer = api.as_(cast.member).get(TASKS, query)
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["field"] == field


def test_a_cursor_of_another_order_is_refused(api: Api, cast: Cast) -> None:
    make_tasks(cast.project, cast.admin, ["a", "b", "c"])
    following = api.as_(cast.member).get(TASKS, {"page_size": "1"}).json()["next"]
    cursor = following.split("cursor=")[1].split("&")[0]
    assert api.as_(cast.member).get(TASKS, {"cursor": cursor, "ordering": "title"}).status_code == 400


def test_a_status_is_known_by_who_sees_its_project(api: Api, cast: Cast) -> None:
    workflow = api.as_(cast.admin).get(f"/api/v1/projects/{cast.project.pk}/workflow/").json()
    wanted = [*workflow["statuses"], {"label": "On hold", "category": "todo"}]
    api.as_(cast.admin).patch(f"/api/v1/projects/{cast.project.pk}/workflow/", {"statuses": wanted})
    make_task(cast.project, cast.admin, "waiting", status="on_hold")
    assert found(api, cast, status="ON HOLD") == {"waiting"}
    refused = api.as_(cast.outsider).get(TASKS, {"status": "on_hold"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "status")
    named = api.as_(cast.member).get(TASKS, {"status": "huge"}).json()["detail"]
    assert named.endswith("Send one of backlog, cancelled, done, in_progress, on_hold, review, todo.")


def test_in_a_project_a_slug_goes_before_a_label(api: Api, cast: Cast) -> None:
    path, project = f"/api/v1/projects/{cast.project.pk}/workflow/", str(cast.project.pk)
    statuses = api.as_(cast.admin).get(path).json()["statuses"]
    wanted = [{**one, "label": "Later"} if one["slug"] == "todo" else one for one in statuses]
    changed = api.as_(cast.admin).patch(path, {"statuses": [*wanted, {"label": "Todo", "category": "todo"}]})
    other = changed.json()["statuses"][-1]["slug"]
    make_task(cast.project, cast.admin, "first", status="todo")
    make_task(cast.project, cast.admin, "other", status=other)
    make_task(cast.project, cast.admin, "third", status="done")
    assert found(api, cast, status="todo") == {"first", "other"}
    assert found(api, cast, status="todo", project=project) == {"first"}
    assert found(api, cast, status="LATER", project_id=project) == {"first"}
    assert found(api, cast, status=f"{other},done", project=project) == {"other", "third"}
    assert found(api, cast, status="completed", project=project) == {"third"}
    assert found(api, cast, project=project, **{"status!": "todo"}) == {"other", "third"}
    far = api.as_(cast.outsider).get(TASKS, {"project": str(cast.far_project.pk), "status!": "todo"})
    assert far.status_code == 200
    assert found(api, cast, project=project, **{"status!": "todo,done"}) == {"other"}
    assert found(api, cast, status="todo", project=f"{project},{cast.far_project.pk}") == {"first", "other"}
    assert found(api, cast, status="todo", project=str(cast.far_project.pk)) == set()


def test_filters_by_status_priority_and_people(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin, "plain")
    make_task(cast.project, cast.admin, "doing", status="in_progress", priority=3, assignees=(cast.member.pk,))
    make_task(cast.project, cast.member, "done", status="done", priority=4, assignees=(cast.admin.pk, cast.member.pk))
    assert found(api, cast, status="In Progress") == {"doing"}
    assert found(api, cast, status="todo,done") == {"plain", "done"}
    assert found(api, cast, **{"status!": "done"}) == {"plain", "doing"}
    assert found(api, cast, status="completed") == {"done"}
    assert found(api, cast, priority="HIGH,critical") == {"doing", "done"}
    assert found(api, cast, assignee="me") == {"doing", "done"}
    assert found(api, cast, assignee="none") == {"plain"}
    assert found(api, cast, assigned_user=str(cast.admin.pk)) == {"done"}
    assert found(api, cast, **{"assignee!": "me"}) == {"plain"}
    assert found(api, cast, reporter="me") == {"done"}
    assert found(api, cast, is_completed="true") == {"done"}
    assert found(api, cast, key="near-2") == {"doing"}
    assert found(api, cast, board=str(cast.project.boards.get().pk)) == {"plain", "doing", "done"}
    assert found(api, cast, status="in_progress", priority="high", assigned_user=str(cast.member.pk)) == {"doing"}


def test_archived_tasks_only_when_asked_for(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin, "live")
    make_task(cast.project, cast.admin, "old", is_archived=True)
    assert found(api, cast) == {"live"}
    assert found(api, cast, is_archived="true") == {"old"}
    assert found(api, cast, is_archived="any") == {"live", "old"}


def test_due_filters(api: Api, cast: Cast) -> None:
    today = today_in("UTC", now())
    make_task(cast.project, cast.admin, "never")
    make_task(cast.project, cast.admin, "today", due_date=today)
    make_task(cast.project, cast.admin, "late", due_date=today - timedelta(days=3))
    make_task(cast.project, cast.admin, "late but done", due_date=today - timedelta(days=3), status="done")
    make_task(cast.project, cast.admin, "an hour late", due_date=today, due_at=now() - timedelta(hours=1))
    assert found(api, cast, overdue="true") == {"late", "an hour late"}
    assert found(api, cast, overdue="false") == {"never", "today", "late but done"}
    assert found(api, cast, sla_breached="true") == {"late", "an hour late"}
    assert found(api, cast, due_date=today.isoformat()) == {"today", "an hour late"}
    assert found(api, cast, due_date="none") == {"never"}
    assert found(api, cast, due_before=today.isoformat()) == {"late", "late but done"}
    assert found(api, cast, due_after=(today - timedelta(days=1)).isoformat()) == {"today", "an hour late"}


def test_overdue_is_judged_in_the_callers_zone_and_breaches_in_the_projects(api: Api, cast: Cast) -> None:
    moment = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    make_task(cast.project, cast.admin, "due today in UTC", due_date=moment.date())
    cast.member.time_zone = "Asia/Tokyo"
    cast.member.save(update_fields=["time_zone"])
    with clock.frozen(moment):
        member = api.as_(cast.member)
        assert titles(member.get(TASKS, {"overdue": "true"})) == ["due today in UTC"]
        assert titles(member.get(TASKS, {"sla_breached": "true"})) == []
        assert member.get(f"{TASKS}NEAR-1/").json()["sla_breached"] is False


def test_created_filters_take_dates_and_instants(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin, "old", created_at=datetime(2025, 1, 10, 12, tzinfo=UTC))
    make_task(cast.project, cast.admin, "new", created_at=datetime(2025, 1, 11, 12, tzinfo=UTC))
    assert found(api, cast, created_before="2025-01-11") == {"old"}
    assert found(api, cast, created_after="2025-01-10") == {"new"}
    assert found(api, cast, created_after="2025-01-10T11:00:00Z") == {"old", "new"}


def test_search_in_the_list(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin, "Paint the fence", description="in green")
    make_task(cast.project, cast.admin, "Buy paint")
    assert found(api, cast, search="paint") == {"Paint the fence", "Buy paint"}
    assert found(api, cast, search="fence green") == {"Paint the fence"}
    assert found(api, cast, search="NEAR-2") == {"Buy paint"}


def test_relations_are_ids_or_objects(api: Api, cast: Cast) -> None:
    parent = make_task(cast.project, cast.admin, "parent")
    make_task(cast.project, cast.admin, "child", parent=parent, assignees=(cast.member.pk,))
    (child,) = (
        api.as_(cast.member)
        .get(TASKS, {"parent": "near-1", "expand": "assignees,project,parent,reporter,board,labels"})
        .json()["results"]
    )
    assert child["assignees"][0]["username"] == "member"
    assert child["project"]["key"] == "NEAR"
    assert child["parent"]["title"] == "parent"
    assert child["reporter"]["name"] == "Admin"
    assert child["board"]["name"]
    (narrow,) = api.as_(cast.member).get(TASKS, {"parent": "near-1", "fields": "title,key"}).json()["results"]
    assert narrow == {"title": "child", "key": "NEAR-2"}


def queries_of(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert call().status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "query",
    [{}, {"expand": "assignees,labels,project,parent,reporter,board,category"}, {"page": "1"}, {"search": "task"}],
)
def test_three_rows_and_three_hundred_cost_the_same(api: Api, cast: Cast, query: dict[str, str]) -> None:
    member = api.as_(cast.member)
    member.get(TASKS)
    make_tasks(cast.project, cast.admin, ["task"] * 3, assignees=(cast.member.pk,))
    few = queries_of(lambda: member.get(TASKS, {"page_size": "200", **query}))
    make_tasks(cast.project, cast.admin, ["task"] * 297, assignees=(cast.member.pk, cast.admin.pk))
    assert queries_of(lambda: member.get(TASKS, {"page_size": "200", **query})) == few


def test_list_and_detail_agree(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin, "one", assignees=(cast.member.pk,))
    member = api.as_(cast.member)
    (row,) = member.get(TASKS).json()["results"]
    assert member.get(f"{TASKS}{row['id']}/").json() == row

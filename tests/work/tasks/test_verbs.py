from datetime import timedelta

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import make_task
from workloom.core.clock import now, today_in


def test_assigning_takes_one_several_or_nobody(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    member, url = api.as_(cast.member), f"/api/v1/tasks/{task.pk}/assign/"
    both = [str(cast.member.pk), str(cast.viewer.pk)]
    assert member.patch(url, {"user": both[0]}).json()["assignees"] == both[:1]
    assert member.patch(url, {"assignees": both}).json()["assignees"] == both
    assert member.patch(url, {"assignees": None}).json()["assignees"] == []
    assert [name for name, _ in recorded("task.assigned")] == ["task.assigned"] * 3
    assert api.as_(cast.viewer).patch(url, {"user": both[0]}).status_code == 403


@pytest.mark.parametrize("end", ["", "_id", "_ids"])
@pytest.mark.parametrize("name", ["assignees", "assignee", "assigned_to", "assigned_user"])
def test_workers_by_the_names_that_other_servers_use(api: Api, cast: Cast, name: str, end: str) -> None:
    task, wanted = make_task(cast.project, cast.admin), [str(cast.member.pk)]
    member = api.as_(cast.member)
    assert member.patch(f"/api/v1/tasks/{task.pk}/", {name + end: wanted[0]}).json()["assignees"] == wanted
    assert member.patch(f"/api/v1/tasks/{task.pk}/assign/", {name + end: None}).json()["assignees"] == []
    assert member.get("/api/v1/tasks/", {name + end: "none"}).json()["results"][0]["id"] == str(task.pk)


@pytest.mark.parametrize("verb", ["assign", "status"])
def test_a_body_that_names_nothing_changes_nothing(api: Api, cast: Cast, verb: str) -> None:
    task = make_task(cast.project, cast.admin, assignees=(cast.member.pk,))
    answer = api.as_(cast.member).patch(f"/api/v1/tasks/{task.pk}/{verb}/", {})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "required")
    assert api.as_(cast.member).get(f"/api/v1/tasks/{task.pk}/").json()["assignees"] == [str(cast.member.pk)]
    assert recorded("task.assigned") == []


def test_the_status_by_label(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    answer = api.as_(cast.member).patch(f"/api/v1/tasks/{task.pk}/status/", {"status": "In-Progress"})
    assert answer.json()["status"] == "in_progress"
    assert recorded("task.status_changed") == [("task.status_changed", {"status": ["todo", "in_progress"]})]
    assert api.as_(cast.viewer).patch(f"/api/v1/tasks/{task.pk}/status/", {"status": "done"}).status_code == 403


def test_watching_and_leaving(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    member, url = api.as_(cast.member), f"/api/v1/tasks/{task.pk}/watchers/"
    assert [row["username"] for row in member.get(url).json()["results"]] == ["admin"]
    assert member.post(url).json()["username"] == "member"
    assert member.post(url, {"user": str(cast.viewer.pk)}).json()["username"] == "viewer"
    assert [row["username"] for row in member.get(url, {"page_size": "2"}).json()["results"]] == ["admin", "member"]
    assert member.delete(url).status_code == 204
    member.patch(f"/api/v1/tasks/{task.pk}/assign/", {"user": str(cast.member.pk)})
    assert [row["username"] for row in member.get(url).json()["results"]] == ["admin", "viewer"]


def test_statistics_count_what_the_filters_find(api: Api, cast: Cast) -> None:
    yesterday = today_in("UTC", now()) - timedelta(days=1)
    make_task(cast.project, cast.admin, priority=4, due_date=yesterday)
    make_task(cast.project, cast.admin, status="in_progress", assignees=(cast.member.pk,))
    task = make_task(cast.project, cast.admin, status="in_progress", assignees=(cast.member.pk,))
    make_task(cast.far_project, cast.outsider)
    member = api.as_(cast.member)
    member.patch(f"/api/v1/tasks/{task.pk}/status/", {"status": "done"})
    found = member.get("/api/v1/tasks/statistics/").json()
    assert found["total"] == 3
    assert found["by_status"] == {"todo": 1, "in_progress": 1, "done": 1}
    assert found["by_priority"] == {"low": 0, "medium": 2, "high": 0, "urgent": 1}
    assert found["by_assignee"] == {str(cast.member.pk): 2, "none": 1}
    assert (found["overdue"], found["sla_breached"]) == (1, 1)
    assert sum(week["completed"] for week in found["completed_per_week"]) == 1
    assert found["cycle_time"]["p50"] is not None
    assert member.get("/api/v1/tasks/statistics/", {"priority": "urgent"}).json()["total"] == 1
    assert member.get("/api/v1/tasks/statistics/", {"nonsense": "1"}).status_code == 400


@pytest.mark.parametrize("shaped", ["", "?expand=assignees,labels,project", "?fields=id,description_html,labels"])
def test_what_a_write_answers_is_what_one_gets(api: Api, cast: Cast, shaped: str) -> None:
    client = api.as_(cast.admin)
    project = str(cast.project.pk)
    labels = [client.post("/api/v1/labels/", {"project": project, "name": name}).json()["id"] for name in ("b", "a")]
    sent = {
        "title": "  Both  ", "description": "*much*\r\n", "project": project, "labels": labels, "estimate": 2,
        "assignees": [str(cast.member.pk), str(cast.admin.pk)], "due_at": "2031-05-01T10:00:00.123456+02:00",
        "start_date": "2031-04-01", "priority": "urgent", "status": "done",
    }  # fmt: skip
    made = client.post(f"/api/v1/tasks/{shaped}", sent)
    assert made.status_code == 201, made.content
    address = f"/api/v1/tasks/{made.json()['id']}/"
    assert made.json() == client.get(f"{address}{shaped}").json()
    changed = client.patch(f"{address}status/{shaped}", {"status": "review"})
    assert changed.status_code == 200, changed.content
    assert changed.json() == client.get(f"{address}{shaped}").json()
    assert changed.headers.get("ETag") == client.get(f"{address}{shaped}").headers.get("ETag")

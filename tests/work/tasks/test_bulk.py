from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import make_task
from workloom.core.ids import uuid7
from workloom.work.boards.queries import first_board
from workloom.work.tasks.models import Task

BULK = "/api/v1/tasks/bulk/"


def operations(cast: Cast, task: Task) -> list[dict[str, Any]]:
    return [
        {"op": "create", "title": "made", "project": str(cast.project.pk)},
        {"op": "update", "id": str(task.pk), "title": "changed"},
        {"op": "update", "id": "NEAR-99", "title": "x"},
        {"op": "move", "id": str(task.pk), "status": "done"},
        {"op": "create", "data": {"title": ""}},
        {"op": "explode"},
    ]


def test_each_operation_has_its_own_outcome(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    answer = api.as_(cast.manager).post(BULK, {"operations": operations(cast, task)})
    assert answer.status_code == 200, answer.content
    report = answer.json()
    assert [result["status"] for result in report["results"]] == [201, 200, 404, 200, 400, 400]
    assert (report["succeeded"], report["failed"]) == (3, 3)
    assert report["results"][0]["task"]["title"] == "made"
    assert report["results"][4]["error"]["errors"][0]["field"] == "title"
    assert Task.objects.get(pk=task.pk).status.slug == "done"


def test_atomic_writes_all_or_none(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    before = recorded()
    answer = api.as_(cast.manager).post(BULK, {"operations": operations(cast, task), "atomic": True})
    assert answer.status_code == 404
    assert answer.json()["operation"] == 2
    assert Task.objects.get(pk=task.pk).title == "A task"
    assert Task.objects.count() == 1
    assert recorded() == before


def test_deleting_in_bulk(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    answer = api.as_(cast.manager).post(BULK, {"operations": [{"op": "delete", "id": "NEAR-1"}]})
    assert answer.json()["results"][0]["status"] == 204
    assert Task.objects.get().trashed_at is not None


def test_bulk_is_for_managers(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.member)
    answer = api.as_(cast.member).post(BULK, {"operations": [{"op": "update", "id": str(task.pk), "title": "x"}]})
    assert answer.json()["results"][0]["status"] == 403
    assert Task.objects.get(pk=task.pk).title == "A task"


def test_foreign_ids_in_a_bulk_are_not_there(api: Api, cast: Cast) -> None:
    theirs = make_task(cast.far_project, cast.outsider)
    asked = [
        {"op": verb, "id": str(theirs.pk), **({"title": "x"} if verb == "update" else {})}
        for verb in ("update", "delete", "move")
    ]
    answer = api.as_(cast.manager).post(BULK, {"operations": asked})
    assert [result["status"] for result in answer.json()["results"]] == [404, 404, 404]
    assert Task.objects.get(pk=theirs.pk).version == 1


def test_at_most_a_thousand(api: Api, cast: Cast) -> None:
    answer = api.as_(cast.manager).post(BULK, {"operations": [{"op": "create", "title": "x"}] * 1001})
    assert answer.status_code == 400
    assert Task.objects.count() == 0


def test_new_tasks_are_numbered_in_their_order_in_each_project(api: Api, cast: Cast) -> None:
    client = api.as_(cast.admin)
    other = client.post("/api/v1/projects/", {"name": "Other", "key": "OTH"}).json()
    board = str(first_board(cast.project.pk).pk)
    places = [{"project": str(cast.project.pk)}, {"project": other["id"]}, {"board": board}] * 2
    wanted = [{"op": "create", "title": f"T{at}", **place} for at, place in enumerate(places)]
    results = client.post(BULK, {"operations": wanted}).json()["results"]
    assert [result["index"] for result in results] == list(range(6))
    assert [result["task"]["title"] for result in results] == [f"T{at}" for at in range(6)]
    key = cast.project.key
    assert [result["task"]["key"] for result in results] == [
        f"{key}-1",
        "OTH-1",
        f"{key}-2",
        f"{key}-3",
        "OTH-2",
        f"{key}-4",
    ]


def test_a_new_task_may_lie_below_one_made_before_it_and_no_id_is_taken_twice(api: Api, cast: Cast) -> None:
    above, project = str(uuid7()), str(cast.project.pk)
    wanted = [
        {"op": "create", "title": "above", "project": project, "id": above},
        {"op": "create", "title": "below", "project": project, "parent": above},
        {"op": "create", "title": "again", "project": project, "id": above},
        {"op": "create", "title": "nowhere", "project": str(uuid7())},
        {"op": "create", "title": "last", "project": project},
    ]
    results = api.as_(cast.manager).post(BULK, {"operations": wanted}).json()["results"]
    assert [result["status"] for result in results] == [201, 201, 409, 400, 201]
    assert results[1]["task"]["parent"] == above
    assert [task.title for task in Task.objects.order_by("number")] == ["above", "below", "last"]


def test_whoever_manages_members_lets_people_in_by_a_bulk(api: Api, cast: Cast) -> None:
    task = {"op": "create", "title": "x", "project": str(cast.project.pk), "assignees": [str(cast.outsider.pk)]}
    refused = api.as_(cast.manager).post(BULK, {"operations": [task, task]}).json()["results"]
    assert [result["error"]["errors"][0]["code"] for result in refused] == ["not_a_member"] * 2
    results = api.as_(cast.admin).post(BULK, {"operations": [task, task]}).json()["results"]
    assert [result["task"]["assignees"] for result in results] == [[str(cast.outsider.pk)]] * 2
    assert [name for name, _ in recorded("member.added")] == ["member.added"]


def test_new_tasks_cost_no_more_statements_the_more_there_are(api: Api, cast: Cast) -> None:
    client = api.as_(cast.manager)
    task = {"op": "create", "title": "x", "project": str(cast.project.pk), "assignees": [str(cast.member.pk)]}
    client.post(BULK, {"operations": [task] * 20})
    counts = []
    for count in (20, 90):
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(BULK, {"operations": [task] * count})
        assert answer.json()["succeeded"] == count
        counts.append(len(asked))
    assert counts[1] - counts[0] < 5  # SQLite takes so many values a statement


def test_what_a_bulk_shows_of_a_new_task_is_what_one_gets(api: Api, cast: Cast) -> None:
    client = api.as_(cast.manager)
    task = {
        "op": "create", "title": " Spaces ", "project": str(cast.project.pk), "assignees": [str(cast.member.pk)],
        "due_at": "2031-05-01T10:00:00.123456+02:00", "estimate": 3, "status": "done", "priority": "urgent",
    }  # fmt: skip
    [result] = client.post(BULK, {"operations": [task]}).json()["results"]
    assert result["task"] == client.get(f"/api/v1/tasks/{result['task']['id']}/").json()

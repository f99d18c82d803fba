from typing import Any

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import make_task
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

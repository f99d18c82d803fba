from typing import Any

from tests.api import Api
from tests.cast import Cast
from workloom.events.queries import log_rows
from workloom.work.workflows.models import Status

WITHOUT_REVIEW = [{"slug": slug} for slug in ("backlog", "todo", "in_progress", "done", "cancelled")]


def _path(cast: Cast) -> str:
    return f"/api/v1/projects/{cast.project.pk}/workflow/"


def _task(api: Api, cast: Cast, status: str = "review") -> dict[str, Any]:
    body = {"title": "A", "project": str(cast.project.pk), "status": status}
    made: dict[str, Any] = api.as_(cast.admin).post("/api/v1/tasks/", body).json()
    return made


def _again(api: Api, cast: Cast, task: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = api.as_(cast.admin).get(f"/api/v1/tasks/{task['id']}/").json()
    return shown


def test_a_status_in_use_cannot_go_without_a_successor(api: Api, cast: Cast) -> None:
    task = _task(api, cast)
    recorded = log_rows().count()
    reply = api.as_(cast.admin).patch(_path(cast), {"statuses": WITHOUT_REVIEW})
    assert reply.status_code == 409
    assert reply.json()["code"] == "status_in_use"
    assert _again(api, cast, task) == task
    assert Status.objects.filter(project=cast.project).count() == 6
    assert log_rows().count() == recorded


def test_tasks_get_the_successor(api: Api, cast: Cast) -> None:
    task = _task(api, cast)
    body = {"statuses": WITHOUT_REVIEW, "successors": {"review": "done"}}
    assert api.as_(cast.admin).patch(_path(cast), body).status_code == 200
    after = _again(api, cast, task)
    assert (after["status"], after["status_category"], after["is_completed"]) == ("done", "done", True)
    assert after["version"] > task["version"]


def test_the_successor_can_be_a_new_status(api: Api, cast: Cast) -> None:
    task = _task(api, cast)
    statuses = [*WITHOUT_REVIEW, {"label": "Quality check", "category": "review"}]
    body = {"statuses": statuses, "successors": {"review": "Quality check"}}
    assert api.as_(cast.admin).patch(_path(cast), body).status_code == 200
    assert _again(api, cast, task)["status"] == "quality_check"


def test_even_trashed_and_archived_tasks_get_the_successor(api: Api, cast: Cast) -> None:
    trashed, archived = _task(api, cast), _task(api, cast)
    admin = api.as_(cast.admin)
    assert admin.delete(f"/api/v1/tasks/{trashed['id']}/").status_code == 204
    assert admin.patch(f"/api/v1/tasks/{archived['id']}/", {"is_archived": True}).status_code == 200
    body = {"statuses": WITHOUT_REVIEW, "successors": {"review": "todo"}}
    assert admin.patch(_path(cast), body).status_code == 200
    assert admin.post(f"/api/v1/tasks/{trashed['id']}/restore/").json()["status"] == "todo"
    assert _again(api, cast, archived)["status"] == "todo"


def test_tasks_follow_a_status_to_another_category(api: Api, cast: Cast) -> None:
    task = _task(api, cast)
    statuses = [{"slug": s} for s in ("backlog", "todo", "in_progress", "review", "done", "cancelled")]
    statuses[3]["category"] = "done"
    assert api.as_(cast.admin).patch(_path(cast), {"statuses": statuses}).status_code == 200
    after = _again(api, cast, task)
    assert (after["status"], after["status_category"], after["is_completed"]) == ("review", "done", True)

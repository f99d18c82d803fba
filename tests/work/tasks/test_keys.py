from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import make_task
from workloom.events.publish import publish


def test_a_new_key_of_the_project_is_found_at_once_and_the_old_one_still(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, "Paint")
    admin = api.as_(cast.admin)
    assert admin.patch(f"/api/v1/projects/{cast.project.pk}/", {"key": "NEW"}).status_code == 200
    for word in ("NEW-1", "near-1"):
        assert admin.get(f"/api/v1/tasks/{word}/").json()["id"] == str(task.pk)
        assert [row["id"] for row in admin.get("/api/v1/tasks/", {"search": word}).json()["results"]] == [str(task.pk)]


def test_a_new_key_of_the_project_is_a_new_version_of_its_tasks(api: Api, cast: Cast) -> None:
    address, admin = f"/api/v1/tasks/{make_task(cast.project, cast.admin).pk}/", api.as_(cast.admin)
    seen = admin.get(address)["ETag"]
    admin.patch(f"/api/v1/projects/{cast.project.pk}/", {"key": "NEW"})
    again = admin.get(address, headers={"If-None-Match": seen})
    assert (again.status_code, again.json()["key"]) == (200, "NEW-1")


def test_those_who_stay_behind_are_told_that_a_task_left(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    other = admin.post("/api/v1/projects/", {"name": "Other place"}).json()
    task = make_task(cast.project, cast.admin, "Confidential from now on")
    publish()
    last = admin.get("/api/v1/events/", {"after": "latest"}).json()["next"]
    admin.patch(f"/api/v1/tasks/{task.pk}/", {"project": other["id"]})
    told = api.as_(cast.viewer).get("/api/v1/events/", {"after": str(last)}).json()["results"]
    assert [row["type"] for row in told] == ["task.left"]
    assert told[0]["changes"] == {"key": ["NEAR-1", None]}
    assert "Confidential" not in str(told)
    assert other["id"] not in str(told)
    assert len(recorded("task.left")) == 1

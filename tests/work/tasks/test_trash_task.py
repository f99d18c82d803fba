from datetime import timedelta

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import make_task
from workloom.core import clock
from workloom.events.publish import publish
from workloom.events.verify import chain_breaks
from workloom.work.projects.models import Project
from workloom.work.tasks.actions import purge_old
from workloom.work.tasks.models import Task


def test_it_goes_with_its_subtasks_and_comes_back_with_them(api: Api, cast: Cast) -> None:
    parent = make_task(cast.project, cast.member, "Parent")
    child = make_task(cast.project, cast.member, "Child", parent=parent)
    grandchild = make_task(cast.project, cast.member, "Grandchild", parent=child)
    member = api.as_(cast.member)
    assert member.delete(f"/api/v1/tasks/{parent.pk}/").status_code == 204
    assert {member.get(f"/api/v1/tasks/{task.pk}/").status_code for task in (parent, child, grandchild)} == {404}
    assert member.get("/api/v1/tasks/").json()["results"] == []
    assert len(member.get("/api/v1/tasks/", {"trashed": "true"}).json()["results"]) == 3
    assert Project.objects.get(pk=cast.project.pk).tasks_count == 0
    restored = member.post(f"/api/v1/tasks/{parent.pk}/restore/")
    assert restored.status_code == 200, restored.content
    assert len(member.get("/api/v1/tasks/").json()["results"]) == 3
    assert Task.objects.get(pk=parent.pk).subtasks_count == 1
    assert Project.objects.get(pk=cast.project.pk).tasks_count == 3
    assert [name for name, _ in recorded("task.deleted", "task.restored")] == ["task.deleted"] * 3 + [
        "task.restored"
    ] * 3


def test_what_was_deleted_before_stays_in_the_trash(api: Api, cast: Cast) -> None:
    parent = make_task(cast.project, cast.member)
    child = make_task(cast.project, cast.member, parent=parent)
    member = api.as_(cast.member)
    member.delete(f"/api/v1/tasks/{child.pk}/")
    member.delete(f"/api/v1/tasks/{parent.pk}/")
    member.post(f"/api/v1/tasks/{parent.pk}/restore/")
    assert member.get(f"/api/v1/tasks/{child.pk}/").status_code == 404
    assert member.get(f"/api/v1/tasks/{parent.pk}/").json()["subtasks_count"] == 0


@pytest.mark.parametrize(
    ("name", "status"), [("member", 403), ("viewer", 403), ("guest", 404), ("outsider", 404), ("manager", 204)]
)
def test_others_tasks_are_deleted_by_managers(api: Api, cast: Cast, name: str, status: int) -> None:
    task = make_task(cast.project, cast.admin)
    assert api.as_(cast.people[name]).delete(f"/api/v1/tasks/{task.pk}/").status_code == status
    assert (Task.objects.get(pk=task.pk).trashed_at is not None) is (status == 204)


def test_after_thirty_days_it_is_gone_and_its_texts_leave_the_log(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.member, "A secret plan")
    api.as_(cast.member).delete(f"/api/v1/tasks/{task.pk}/")
    publish()
    assert purge_old() == 0
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert purge_old() == 1
    publish()
    assert not Task.objects.filter(pk=task.pk).exists()
    assert "secret" not in str(recorded())
    assert [name for name, _ in recorded()][-1] == "task.purged"
    assert chain_breaks() == []

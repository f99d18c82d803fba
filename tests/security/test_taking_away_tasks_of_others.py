"""A member deletes what they reported, and finds no way round: not as reporter, not as parent, not by moving it away."""

from functools import partial

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.races.together import at_once, sender
from tests.work.tasks.making import make_task, make_tasks
from workloom.work.tasks.models import Task

TASKS = "/api/v1/tasks/"


def path(task: Task) -> str:
    return f"{TASKS}{task.pk}/"


def test_a_member_does_not_make_themselves_the_reporter_of_a_task_of_others(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    answer = api.as_(cast.member).patch(path(task), {"reporter": str(cast.member.pk)})
    assert (answer.status_code, answer.json()["needs"]) == (403, "task.delete")
    assert Task.objects.get(pk=task.pk).reporter_id == cast.admin.pk
    assert recorded("task.updated") == []


def test_reporters_and_managers_name_another_reporter(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.member)
    assert api.as_(cast.member).patch(path(task), {"reporter": str(cast.viewer.pk)}).status_code == 200
    assert api.as_(cast.manager).patch(path(task), {"reporter": str(cast.member.pk)}).status_code == 200
    assert Task.objects.get(pk=task.pk).reporter_id == cast.member.pk


def test_a_member_does_not_delete_subtasks_of_others_with_their_own_task(api: Api, cast: Cast) -> None:
    own = make_task(cast.project, cast.member, "Own")
    other = make_task(cast.project, cast.admin, "Other", parent=own)
    answer = api.as_(cast.member).delete(path(own))
    assert (answer.status_code, answer.json()["needs"]) == (403, "task.delete")
    assert Task.objects.filter(trashed_at=None).count() == 2
    assert recorded("task.deleted") == []
    Task.objects.filter(pk=other.pk).update(reporter=cast.member)
    assert api.as_(cast.member).delete(path(own)).status_code == 204


def test_a_manager_deletes_a_task_with_all_below_it(api: Api, cast: Cast) -> None:
    own = make_task(cast.project, cast.member, "Own")
    make_task(cast.project, cast.admin, "Other", parent=own)
    assert api.as_(cast.manager).delete(path(own)).status_code == 204
    assert not Task.objects.filter(trashed_at=None).exists()


def test_a_member_does_not_take_tasks_of_others_out_of_the_project(api: Api, cast: Cast) -> None:
    member = api.as_(cast.member)
    place = member.post("/api/v1/projects/", {"name": "Mine alone"}).json()["id"]
    task, own = make_task(cast.project, cast.admin, "Other"), make_task(cast.project, cast.member, "Own")
    answer = member.patch(path(task), {"project": place})
    assert (answer.status_code, answer.json()["needs"]) == (403, "task.delete")
    assert Task.objects.get(pk=task.pk).project_id == cast.project.pk
    assert member.patch(path(own), {"project": place}).status_code == 200


def test_subtasks_in_a_circle_end_somewhere(api: Api, cast: Cast) -> None:
    one, other = make_tasks(cast.project, cast.admin, ["one", "other"])
    Task.objects.filter(pk=one.pk).update(parent=other, subtasks_count=1)
    Task.objects.filter(pk=other.pk).update(parent=one, subtasks_count=1)
    assert api.as_(cast.admin).delete(path(one)).status_code == 204
    assert Task.objects.filter(trashed_at=None).count() == 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_hang_tasks_below_each_other(transactional_cast: Cast) -> None:
    cast = transactional_cast
    send = sender(cast.member)
    for _ in range(5):
        one, other = make_tasks(cast.project, cast.admin, ["one", "other"])
        below_one = make_task(cast.project, cast.admin, "below one", parent=one)
        below_other = make_task(cast.project, cast.admin, "below other", parent=other)
        pairs = [(one, below_other), (other, below_one)]
        answers = at_once([partial(send, "PATCH", path(child), {"parent": str(parent.pk)}) for child, parent in pairs])
        assert sorted(answer.status_code for answer in answers) == [200, 400]

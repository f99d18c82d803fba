import pytest

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import make_task, make_tasks
from workloom.work.tasks.actions.move import spread_ranks
from workloom.work.tasks.models import Task


def order(cast: Cast) -> list[str]:
    return list(Task.objects.filter(project=cast.project).order_by("rank").values_list("title", flat=True))


def test_behind_and_in_front_of_a_neighbour(api: Api, cast: Cast) -> None:
    a, b, c = make_tasks(cast.project, cast.admin, ["a", "b", "c"])
    member = api.as_(cast.member)
    assert member.post(f"/api/v1/tasks/{c.pk}/move/", {"after": str(a.pk)}).status_code == 200
    assert order(cast) == ["a", "c", "b"]
    assert member.post(f"/api/v1/tasks/{b.pk}/move/", {"before": "NEAR-1"}).status_code == 200
    assert order(cast) == ["b", "a", "c"]
    assert len(recorded("task.moved")) == 2


def test_to_where_it_stands_is_no_change(api: Api, cast: Cast) -> None:
    a, b = make_tasks(cast.project, cast.admin, ["a", "b"])
    answer = api.as_(cast.member).post(f"/api/v1/tasks/{b.pk}/move/", {"after": str(a.pk)})
    assert answer.json()["version"] == 1
    assert recorded("task.moved") == []


def test_into_a_column_takes_its_first_status(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    column = cast.project.boards.get().columns.get(name="Done")
    answer = api.as_(cast.guest).post(f"/api/v1/tasks/{task.pk}/move/", {"column": str(column.pk)})
    assert answer.status_code == 404
    answer = api.as_(cast.member).post(f"/api/v1/tasks/{task.pk}/move/", {"column": str(column.pk)})
    assert (answer.json()["status"], answer.json()["is_completed"]) == ("done", True)


@pytest.mark.parametrize(
    "body", [{}, {"after": "NEAR-1", "before": "NEAR-2"}, {"after": "NEAR-99"}, {"status": "nowhere"}, {"column": "x"}]
)
def test_a_place_that_is_none_is_refused(api: Api, cast: Cast, body: dict[str, str]) -> None:
    make_tasks(cast.project, cast.admin, ["a", "b", "c"])
    answer = api.as_(cast.member).post("/api/v1/tasks/NEAR-3/move/", body)
    assert answer.status_code == 400
    assert order(cast) == ["a", "b", "c"]


def test_a_neighbour_of_another_project_is_refused(api: Api, cast: Cast) -> None:
    task, far = make_task(cast.project, cast.admin), make_task(cast.far_project, cast.outsider)
    answer = api.as_(cast.member).post(f"/api/v1/tasks/{task.pk}/move/", {"after": str(far.pk)})
    assert answer.status_code == 400


def fresh_version(task: Task) -> int:
    return Task.objects.values_list("version", flat=True).get(pk=task.pk)


def test_spreading_ranks_keeps_the_order(cast: Cast) -> None:
    tasks = make_tasks(cast.project, cast.admin, list("abcdefgh"))
    Task.objects.filter(pk=tasks[0].pk).update(rank="0" * 120 + "1")
    before = order(cast)
    spread_ranks(cast.project)
    assert order(cast) == before
    assert recorded("project.respaced") == [("project.respaced", {})]
    assert fresh_version(tasks[0]) == tasks[0].version + 1
    assert max(len(rank) for rank in Task.objects.values_list("rank", flat=True)) < 10

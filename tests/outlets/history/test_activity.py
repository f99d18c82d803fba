import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.work.comments.making import make_comment
from tests.work.tasks.making import make_task
from workloom.events.models import LogRow
from workloom.events.publish import publish


def test_the_newest_stands_first_with_all_that_hangs_on_the_task(api: Api, cast: Cast) -> None:
    task, other = make_task(cast.project, cast.admin, "first"), make_task(cast.project, cast.admin, "other")
    make_comment(task, cast.member, "said")
    make_comment(other, cast.member, "elsewhere")
    api.as_(cast.member).patch(f"/api/v1/tasks/{task.pk}/", {"title": "second"})
    rows = api.as_(cast.viewer).get("/api/v1/tasks/near-1/activity/").json()["results"]
    assert [row["type"] for row in rows] == ["task.updated", "comment.created", "task.created"]
    assert rows[0]["changes"] == {"title": ["first", "second"]}
    assert rows[1]["changes"]["body"] == [None, "said"]
    assert rows[0]["context"]["ip"] is None


def test_it_is_complete_before_numbers_are_given(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    LogRow.objects.update(seq=None)
    (row,) = api.as_(cast.viewer).get(f"/api/v1/tasks/{task.pk}/activity/").json()["results"]
    assert row["seq"] is None


def test_pages_hang_together(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    for number in range(5):
        make_comment(task, cast.member, str(number))
    publish()
    viewer, address = api.as_(cast.viewer), f"/api/v1/tasks/{task.pk}/activity/"
    found, place = [], f"{address}?page_size=2"
    while place:
        page = viewer.get(place).json()
        found += [row["id"] for row in page["results"]]
        place = page["next"]
    assert len(found) == len(set(found)) == 6
    assert viewer.get(address, {"ordering": "recorded", "page": 1, "page_size": 6}).json()["count"] == 6
    assert [row["id"] for row in viewer.get(address, {"ordering": "recorded"}).json()["results"]] == found[::-1]
    assert len(viewer.get(address, {"type": "comment.*"}).json()["results"]) == 5
    assert len(viewer.get(address, {"user": str(cast.admin.pk)}).json()["results"]) == 1


@pytest.mark.parametrize(
    "query", [{"tpye": "x"}, {"type": "x"}, {"ordering": "created_at"}, {"cursor": "x"}, {"user": "x"}]
)
def test_what_is_not_known_is_refused(api: Api, cast: Cast, query: dict[str, str]) -> None:
    task = make_task(cast.project, cast.admin)
    reply = api.as_(cast.viewer).get(f"/api/v1/tasks/{task.pk}/activity/", query)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, next(iter(query)))


@pytest.mark.parametrize(("name", "status"), [("guest", 404), ("outsider", 404), ("operator", 200), (None, 401)])
def test_who_sees_the_task_sees_its_activity(api: Api, cast: Cast, name: str | None, status: int) -> None:
    task = make_task(cast.project, cast.admin)
    person = api.as_(cast.people[name] if name else None)
    assert person.get(f"/api/v1/tasks/{task.pk}/activity/").status_code == status


def test_a_long_list_costs_as_many_queries_as_a_short_one(api: Api, cast: Cast) -> None:
    viewer, costs = api.as_(cast.viewer), []
    for number in (3, 300):
        task = make_task(cast.project, cast.admin)
        for _ in range(number):
            make_comment(task, cast.member)
        with CaptureQueriesContext(connection) as queries:
            assert viewer.get(f"/api/v1/tasks/{task.pk}/activity/", {"page_size": 200}).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]

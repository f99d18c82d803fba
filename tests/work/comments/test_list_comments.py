import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.work.comments.making import make_comment
from tests.work.tasks.making import acting, make_task
from workloom.work.comments.actions import NewComment, add_comments


def test_the_newest_stands_first_and_pages_hang_together(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    made = [str(make_comment(task, cast.member, f"{at}").pk) for at in range(5)]
    viewer, address = api.as_(cast.viewer), f"/api/v1/tasks/{task.pk}/comments/"
    first = viewer.get(address, {"page_size": 2}).json()
    rest = viewer.get(first["next"]).json()
    found = [row["id"] for row in (*first["results"], *rest["results"])]
    assert found == made[::-1][:4]
    assert viewer.get(address, {"ordering": "created_at", "page": 1}).json()["count"] == 5


def test_filters(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    first = make_comment(task, cast.member)
    make_comment(task, cast.admin, parent=first)
    member, address = api.as_(cast.member), f"/api/v1/tasks/{task.pk}/comments/"
    for query, count in (
        ({"author": "me"}, 1),
        ({"author": str(cast.viewer.pk)}, 0),
        ({"parent": str(first.pk)}, 1),
        ({"parent": "none"}, 1),
        ({"created_after": "2020-01-01"}, 2),
        ({"created_before": "2020-01-01"}, 0),
    ):
        assert (query, len(member.get(address, query).json()["results"])) == (query, count)


@pytest.mark.parametrize(
    "query", [{"autor": "me"}, {"author": "x"}, {"ordering": "body"}, {"fields": "x"}, {"expand": "task"}]
)
def test_what_is_not_known_is_refused(api: Api, cast: Cast, query: dict[str, str]) -> None:
    task = make_task(cast.project, cast.admin)
    reply = api.as_(cast.member).get(f"/api/v1/tasks/{task.pk}/comments/", query)
    assert reply.status_code == 400
    assert [one["field"] for one in reply.json()["errors"]] == list(query)


@pytest.mark.parametrize("name", ["guest", "outsider"])
def test_comments_are_hidden_with_their_task(api: Api, cast: Cast, name: str) -> None:
    task = make_task(cast.project, cast.admin)
    comment = make_comment(task, cast.member)
    person = api.as_(cast.people[name])
    assert person.get(f"/api/v1/tasks/{task.pk}/comments/").status_code == 404
    assert person.get(f"/api/v1/comments/{comment.pk}/").status_code == 404


def test_html_is_shown_when_asked_for(api: Api, cast: Cast) -> None:
    comment = make_comment(make_task(cast.project, cast.admin), cast.member, "**a** <script>b</script>")
    shown = api.as_(cast.viewer).get(f"/api/v1/comments/{comment.pk}/", {"fields": "id,body_html"}).json()
    assert shown["id"] == str(comment.pk)
    assert "<strong>a</strong>" in shown["body_html"]
    assert "<script>" not in shown["body_html"]


def test_a_comment_goes_and_comes_with_its_task(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    comment = make_comment(task, cast.member)
    admin, address = api.as_(cast.admin), f"/api/v1/comments/{comment.pk}/"
    admin.delete(f"/api/v1/tasks/{task.pk}/")
    assert admin.get(address).status_code == 404
    assert admin.post(f"{address}restore/").status_code == 404
    assert admin.post(f"/api/v1/tasks/{task.pk}/restore/").status_code == 200
    assert admin.get(address).status_code == 200


def test_a_long_list_costs_as_many_queries_as_a_short_one(api: Api, cast: Cast) -> None:
    person, costs = api.as_(cast.viewer), []
    for number in (3, 300):
        task = make_task(cast.project, cast.admin)
        new = [NewComment(task=task, author=cast.member.pk, body="@viewer") for _ in range(number)]
        add_comments(new, actor=acting(cast.member))
        query = {"page_size": 200, "expand": "author,mentions"}
        with CaptureQueriesContext(connection) as queries:
            assert person.get(f"/api/v1/tasks/{task.pk}/comments/", query).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]

"""On MariaDB a search sees what is committed, hence real transactions."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.work.comments.making import make_comment
from tests.work.tasks.making import acting, make_task, make_tasks
from workloom.work.comments.actions import NewComment, add_comments
from workloom.work.tasks.models import Assignment, Task

pytestmark = pytest.mark.django_db(transaction=True)
SEARCH = "/api/v1/search/"


@pytest.fixture
def api(transactional_db: None, django_capture_on_commit_callbacks: Any) -> Api:
    """The server, with transactions that commit."""
    return Api(django_capture_on_commit_callbacks)


def hits(api: Api, q: str, **query: Any) -> list[dict[str, Any]]:
    """Return what somebody finds."""
    reply = api.get(SEARCH, {"q": q, **query})
    assert reply.status_code == 200, reply.content
    found: list[dict[str, Any]] = reply.json()["results"]
    return found


def said(segments: list[dict[str, Any]]) -> str:
    """Spell segments with brackets around hits."""
    return "".join(f"[{one['text']}]" if one["hit"] else one["text"] for one in segments)


def test_tasks_and_comments_are_found_with_what_was_hit(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, "Deploy the portal", description="Before the *deployment* call Ann.")
    comment = make_comment(task, cast.member, "The deployment failed")
    make_task(cast.project, cast.admin, "Something else")
    first, second = hits(api.as_(cast.viewer), "deploy")
    assert (first["kind"], first["id"], first["key"], first["project"]) == (
        "task",
        str(task.pk),
        "NEAR-1",
        str(cast.project.pk),
    )
    assert said(first["title_highlights"]) == "[Deploy] the portal"
    assert [said(piece) for piece in first["highlights"]] == ["Before the *[deploy]ment* call Ann."]
    assert (second["kind"], second["id"], second["task"], second["title"]) == (
        "comment",
        str(comment.pk),
        str(task.pk),
        task.title,
    )
    assert [said(piece) for piece in second["highlights"]] == ["The [deploy]ment failed"]


@pytest.mark.parametrize("q", ["near-1", "NEAR-1", "Größe", "GROSSE", "rtal groß", "会議", "議", "portal 会議"])
def test_words_parts_keys_and_scripts_without_spaces(api: Api, cast: Cast, q: str) -> None:
    task = make_task(cast.project, cast.admin, "Portalgröße 会議室")
    q = q.replace("Größe", "größe").replace("GROSSE", "GRÖßE")
    assert [hit["id"] for hit in hits(api.as_(cast.viewer), q)] == [str(task.pk)]


def test_open_ones_stand_before_closed_ones(api: Api, cast: Cast) -> None:
    closed, opened = make_tasks(cast.project, cast.admin, ["report", "report"])
    make_comment(closed, cast.member, "report")
    make_comment(opened, cast.member, "report")
    member = api.as_(cast.member)
    member.patch(f"/api/v1/tasks/{closed.pk}/status/", {"status": "done"})
    found = [(hit["kind"], hit["task"], hit["is_open"]) for hit in hits(member, "report")]
    assert found == [
        ("task", str(opened.pk), True),
        ("task", str(closed.pk), False),
        ("comment", str(opened.pk), True),
        ("comment", str(closed.pk), False),
    ]


def test_everybody_finds_what_they_see(api: Api, cast: Cast) -> None:
    own, _ = make_tasks(cast.project, cast.admin, ["pearl one", "pearl two"])
    make_task(cast.far_project, cast.outsider, "pearl far")
    Assignment.objects.create(task=own, user=cast.guest)
    make_comment(own, cast.member, "pearl")
    expected = {"admin": 3, "viewer": 3, "owner": 3, "guest": 2, "outsider": 1, "workspace_member": 0, "operator": 4}
    assert {name: len(hits(api.as_(cast.people[name]), "pearl")) for name in expected} == expected
    assert hits(api.as_(cast.member), "pearl", project=str(cast.far_project.pk)) == []
    assert hits(api.as_(cast.token("read", projects=[])), "pearl") == []
    assert api.as_(None).get(SEARCH, {"q": "pearl"}).status_code == 401


def test_filters(api: Api, cast: Cast) -> None:
    task, archived = make_tasks(cast.project, cast.admin, ["pearl one", "pearl two"])
    make_comment(task, cast.member, "pearl")
    Task.objects.filter(pk=archived.pk).update(is_archived=True)
    viewer = api.as_(cast.viewer)
    for query, count in (
        ({}, 2),
        ({"kind": "comment"}, 1),
        ({"kind": "task"}, 1),
        ({"kind!": "task"}, 1),
        ({"is_archived": "true"}, 1),
        ({"is_archived": "any"}, 3),
        ({"project": str(cast.project.pk)}, 2),
        ({"project": str(cast.workspace.pk)}, 0),
    ):
        assert (query, len(hits(viewer, "pearl", **query))) == (query, count)


def test_what_is_written_is_found_at_once_and_what_goes_is_not(api: Api, cast: Cast) -> None:
    member = api.as_(cast.member)
    task = member.post("/api/v1/tasks/", {"title": "pearl", "project": str(cast.project.pk)}).json()
    comment = member.post(f"/api/v1/tasks/{task['id']}/comments/", {"body": "pearl"}).json()
    remark, whole = f"/api/v1/comments/{comment['id']}/", f"/api/v1/tasks/{task['id']}/"
    assert len(hits(member, "pearl")) == 2
    for method, address, body, count in (
        ("PATCH", remark, {"body": "ruby"}, 1),
        ("PATCH", remark, {"body": "pearl"}, 2),
        ("DELETE", remark, None, 1),
        ("POST", f"{remark}restore/", None, 2),
        ("DELETE", whole, None, 0),
        ("POST", f"{whole}restore/", None, 2),
    ):
        assert member.send(method, address, body).status_code < 300
        assert (method, address, len(hits(member, "pearl"))) == (method, address, count)


def test_comments_move_with_their_task(api: Api, cast: Cast) -> None:
    task = make_task(cast.far_project, cast.outsider, "pearl")
    make_comment(task, cast.outsider, "pearl")
    moved = api.as_(cast.operator).patch(f"/api/v1/tasks/{task.pk}/", {"project": str(cast.project.pk)})
    assert moved.status_code == 200, moved.content
    assert len(hits(api.as_(cast.viewer), "pearl", project=str(cast.project.pk))) == 2
    assert [hit["key"] for hit in hits(api.as_(cast.viewer), "far-1")] == ["NEAR-1"]
    assert hits(api.as_(cast.outsider), "pearl", project=str(cast.far_project.pk)) == []


def test_pages_hang_together_both_ways(api: Api, cast: Cast) -> None:
    tasks = make_tasks(
        cast.project, cast.admin, ["pearl"] * 4 + ["pearl diver"] * 3 + ["diver"] * 2, description="pearl"
    )
    member = api.as_(cast.member)
    member.patch(f"/api/v1/tasks/{tasks[0].pk}/status/", {"status": "done"})
    whole = [hit["id"] for hit in hits(member, "pearl")]
    assert len(whole) == 9
    found, place, last = [], f"{SEARCH}?q=pearl&page_size=2", ""
    while place:
        page = member.get(place).json()
        found += [hit["id"] for hit in page["results"]]
        place, last = page["next"], page["previous"]
    assert found == whole
    back: list[str] = []
    while last:
        page = member.get(last).json()
        back = [hit["id"] for hit in page["results"]] + back
        last = page["previous"]
    assert back == whole[:8]
    numbered = member.get(SEARCH, {"q": "pearl", "page": 2, "page_size": 4}).json()
    assert (numbered["count"], [hit["id"] for hit in numbered["results"]]) == (9, whole[4:8])
    assert member.get(SEARCH, {"q": "pearl", "page": 9}).status_code == 404
    assert member.get(SEARCH, {"q": "pearl", "count": "true", "page_size": 1}).json()["count"] == 9
    narrow = member.get(SEARCH, {"q": "pearl", "fields": "id,key"}).json()["results"][0]
    assert set(narrow) == {"id", "key"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": " "}, "q"),
        ({"q": "x" * 2001}, "q"),
        ({"q": "a\0b"}, "q"),
        ({"q": "x", "query": "y"}, "query"),
        ({"q": "x", "kind": "file"}, "kind"),
        ({"q": "x", "project": "1"}, "project"),
        ({"q": "x", "cursor": "abc"}, "cursor"),
        ({"q": "x", "cursor": "WzEsdHJ1ZV0"}, "cursor"),
        ({"q": "x", "ordering": "title"}, "ordering"),
        ({"q": "x", "ordering": "relevance"}, "ordering"),
        ({"q": "x", "page": 0}, "page"),
        ({"q": "x", "page_size": 201}, "page_size"),
        ({"q": "x", "expand": "task"}, "expand"),
        ({"q": "x", "is_archived": "maybe"}, "is_archived"),
    ],
)
def test_what_is_not_known_is_refused(api: Api, cast: Cast, query: dict[str, Any], field: str) -> None:
    reply = api.as_(cast.member).get(SEARCH, query)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, field)


@pytest.mark.parametrize("q", ["...", "%", "_", "' OR 1=1 --", '"', "*", "\\", "☃", "-7", "NOT", "a AND b", "x" * 2000])
def test_odd_queries_find_nothing_and_break_nothing(api: Api, cast: Cast, q: str) -> None:
    make_task(cast.project, cast.admin, "Plain")
    assert hits(api.as_(cast.member), q) == []


@pytest.mark.parametrize("kind", ["task", "comment"])
def test_a_long_page_costs_as_many_queries_as_a_short_one(api: Api, cast: Cast, kind: str) -> None:
    viewer, costs = api.as_(cast.viewer), []
    for number in (3, 300):
        task, *_ = make_tasks(cast.project, cast.admin, [f"word{number}"] * number)
        new = [NewComment(task=task, author=cast.member.pk, body=f"word{number}") for _ in range(number)]
        add_comments(new, actor=acting(cast.member))
        with CaptureQueriesContext(connection) as queries:
            assert len(hits(viewer, f"word{number}", page_size=200, kind=kind)) == min(number, 200)
        costs.append(len(queries))
    assert costs[0] == costs[1]

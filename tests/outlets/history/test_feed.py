from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.work.comments.making import make_comment
from tests.work.tasks.making import acting, make_task, make_tasks
from workloom.core.db import run_write
from workloom.events.models import Head, LogRow
from workloom.events.publish import publish
from workloom.events.record import record
from workloom.outlets.history import rules
from workloom.people.accounts.events import PasswordChanged, PersonRoleChanged
from workloom.work.projects.models import Project
from workloom.work.tasks.actions import trash_task
from workloom.work.tasks.models import Assignment
from workloom.work.workspaces.events import InvitationCreated

FEED = "/api/v1/events/"


def types(api: Api, **query: Any) -> list[str]:
    """Return the types of the events that somebody is shown."""
    reply = api.get(FEED, query)
    assert reply.status_code == 200, reply.content
    return [row["type"] for row in reply.json()["results"]]


def test_the_feed_goes_on_from_next(api: Api, cast: Cast) -> None:
    make_tasks(cast.project, cast.admin, ["a", "b", "c"])
    publish()
    member = api.as_(cast.member)
    first = member.get(FEED, {"page_size": 2}).json()
    assert [row["changes"]["title"] for row in first["results"]] == [[None, "a"], [None, "b"]]
    assert first["next"] == first["results"][-1]["seq"] == 2
    rest = member.get(FEED, {"after": first["next"]}).json()
    assert [row["changes"]["title"] for row in rest["results"]] == [[None, "c"]]
    assert member.get(FEED, {"after": rest["next"]}).json() == {"results": [], "next": 3}
    assert member.get(FEED, {"after": "latest"}).json() == {"results": [], "next": 3}
    assert member.get(FEED, {"limit": 1}).json()["next"] == 1


def test_an_event_says_who_did_what_to_what(api: Api, cast: Cast) -> None:
    member = api.as_(cast.member)
    headers = {"X-Request-ID": "abc-1", "User-Agent": "curl"}
    task = member.post("/api/v1/tasks/", {"title": "T", "project": str(cast.project.pk)}, headers=headers).json()
    (row,) = [row for row in member.get(FEED).json()["results"] if row["type"] == "task.created"]
    assert row["actor"] == {"id": str(cast.member.pk), "type": "user", "name": cast.member.name}
    assert row["object"] == {"id": task["id"], "type": "task", "key": "NEAR-1", "version": 1}
    assert (row["workspace"], row["project"]) == (str(cast.workspace.pk), str(cast.project.pk))
    assert row["subject"] == task["id"]
    assert row["context"] == {"request_id": "abc-1", "via": "api", "ip": None, "user_agent": None}
    for admin in (cast.admin, cast.workspace_admin, cast.operator):
        (seen,) = [row for row in api.as_(admin).get(FEED).json()["results"] if row["type"] == "task.created"]
        assert (seen["context"]["ip"], seen["context"]["user_agent"]) == ("127.0.0.1", "curl")


def test_a_guest_reads_of_their_tasks_and_of_the_project_itself(api: Api, cast: Cast) -> None:
    own, other = make_tasks(cast.project, cast.admin, ["own", "other"])
    Assignment.objects.create(task=own, user=cast.guest)
    make_comment(own, cast.member, "for all to see")
    make_comment(other, cast.member, "not for guests")
    admin = api.as_(cast.admin)
    admin.patch(f"/api/v1/projects/{cast.project.pk}/", {"description": "New"})
    admin.post("/api/v1/labels/", {"name": "bug", "project": str(cast.project.pk)})
    admin.patch(f"/api/v1/projects/{cast.project.pk}/members/{cast.viewer.pk}/", {"role": "member"})
    guest = api.as_(cast.guest)
    shown = guest.get(FEED).json()["results"]
    assert sorted(row["type"] for row in shown) == [
        "comment.created",
        "label.created",
        "project.updated",
        "task.created",
    ]
    assert {row["subject"] for row in shown if row["subject"]} == {str(own.pk)}
    assert "not for guests" not in str(shown)
    assert "member.updated" in types(api.as_(cast.viewer))


def test_nobody_reads_of_what_they_do_not_see(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    make_task(cast.far_project, cast.outsider)
    publish()
    assert types(api.as_(cast.outsider), project=str(cast.project.pk)) == []
    assert types(api.as_(cast.workspace_member)) == []
    assert len(types(api.as_(cast.owner))) == 1
    assert len(types(api.as_(cast.outsider))) == 1
    assert len(types(api.as_(cast.operator))) == 2
    assert types(api.as_(cast.token("read", projects=[])), project=str(cast.project.pk)) == []
    assert len(types(api.as_(cast.token("read", projects=[cast.project])))) == 1
    assert api.as_(None).get(FEED).status_code == 401


def test_each_audience_reads_its_own(api: Api, cast: Cast) -> None:
    def tell() -> None:
        member = acting(cast.member)
        project, workspace = cast.project.pk, cast.workspace.pk
        record(InvitationCreated(object_id=project, workspace=workspace, project=project), actor=member)
        record(PasswordChanged(object_id=cast.member.pk), actor=member)
        record(PersonRoleChanged(object_id=cast.member.pk), actor=acting(cast.operator))

    run_write(tell)
    publish()
    expected = {
        "admin": ["invitation.created"],
        "owner": ["invitation.created"],
        "manager": [],
        "guest": [],
        "outsider": [],
        "member": ["password.changed"],
        "operator": ["invitation.created", "password.changed", "person.role_changed"],
    }
    assert {name: types(api.as_(cast.people[name])) for name in expected} == expected
    narrowed = cast.token("read", "admin", of="member", projects=[cast.project])
    assert types(api.as_(narrowed)) == []


def test_a_trashed_task_and_a_trashed_project_are_told(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, assignees=(cast.guest.pk,))
    run_write(lambda: trash_task(task, actor=acting(cast.admin)))
    publish()
    for name in ("member", "guest"):
        assert types(api.as_(cast.people[name]), type="task.deleted") == ["task.deleted"]
    api.as_(cast.admin).delete(f"/api/v1/projects/{cast.project.pk}/")
    assert Project.objects.get(pk=cast.project.pk).trashed_at is not None
    for name in ("member", "guest", "viewer"):
        assert types(api.as_(cast.people[name])) == ["project.trashed"]
    assert types(api.as_(cast.outsider)) == []


def test_filters(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    make_comment(task, cast.member)
    make_task(cast.far_project, cast.outsider)
    publish()
    operator = api.as_(cast.operator)
    assert types(operator, type="comment.created") == ["comment.created"]
    assert types(operator, type="comment.*,task.created", project=str(cast.project.pk)) == [
        "task.created",
        "comment.created",
    ]
    assert types(operator, **{"type!": "task.*"}) == ["comment.created"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": 1}, "since"),
        ({"after": "x"}, "after"),
        ({"after": -1}, "after"),
        ({"after": "9" * 30}, "after"),
        ({"after": "٣"}, "after"),
        ({"page_size": 201}, "page_size"),
        ({"page_size": 0}, "page_size"),
        ({"limit": 2, "page_size": 3}, "limit"),
        ({"type": "task.exploded"}, "type"),
        ({"type": "x.*"}, "type"),
        ({"project": "x"}, "project"),
        ({"cursor": "x"}, "cursor"),
    ],
)
def test_what_is_not_known_is_refused(api: Api, cast: Cast, query: dict[str, Any], field: str) -> None:
    reply = api.as_(cast.member).get(FEED, query)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, field)


def test_a_place_before_what_is_kept_is_gone(api: Api, cast: Cast) -> None:
    make_tasks(cast.project, cast.admin, ["a", "b", "c"])
    publish()
    LogRow.objects.filter(seq__lte=2).delete()
    Head.objects.update(kept_from=2)
    member = api.as_(cast.member)
    gone = member.get(FEED, {"after": 1})
    assert (gone.status_code, gone.json()["code"], gone.json()["kept_from"]) == (410, "resync", 2)
    assert member.get(FEED, {"after": 0}).status_code == 410
    assert len(member.get(FEED, {"after": 2}).json()["results"]) == 1
    assert len(member.get(FEED).json()["results"]) == 1


def test_who_may_see_little_goes_on_in_steps(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workloom.outlets.history.queries.feed.WINDOW", 4)
    make_tasks(cast.far_project, cast.outsider, ["x"] * 9)
    make_task(cast.project, cast.admin)
    publish()
    member, place, found = api.as_(cast.member), 0, []
    for _ in range(4):
        answer = member.get(FEED, {"after": place}).json()
        found += answer["results"]
        place = answer["next"]
    assert (len(found), place) == (1, 10)
    assert rules.WINDOW > 4


def test_unnumbered_events_are_not_in_the_feed_yet(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    publish()
    LogRow.objects.update(seq=None)
    Head.objects.update(seq=0)
    assert api.as_(cast.member).get(FEED).json() == {"results": [], "next": 0}


@pytest.mark.parametrize("name", ["member", "guest", "operator"])
def test_a_long_page_costs_as_many_queries_as_a_short_one(api: Api, cast: Cast, name: str) -> None:
    person, costs = api.as_(cast.people[name]), []
    for number in (3, 300):
        make_tasks(cast.project, cast.admin, ["x"] * number, assignees=(cast.guest.pk,))
        publish()
        with CaptureQueriesContext(connection) as queries:
            assert len(person.get(FEED, {"page_size": 200}).json()["results"]) == min(number, 200)
        costs.append(len(queries))
    assert costs[0] == costs[1]

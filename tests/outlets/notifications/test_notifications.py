"""One's own notifications through the API."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.factories import personal_token
from tests.log import recorded
from tests.outlets.notifications.hearing import heard
from tests.work.comments.making import make_comment
from tests.work.tasks.making import acting, make_task, make_tasks
from workloom.core.clock import frozen, now
from workloom.core.ids import uuid7
from workloom.outlets.notifications.models import Notification
from workloom.people.accounts.models import User
from workloom.work.comments.actions import delete_comment
from workloom.work.projects.models import ProjectMember
from workloom.work.tasks.actions import trash_task
from workloom.work.tasks.models import Task

LIST = "/api/v1/notifications/"


def note(user: User, task: Task, kind: str = "assigned", **fields: Any) -> Notification:
    named = {"user": user, "task": task, "kind": kind, "dedupe_key": str(uuid7()), "created_at": now(), **fields}
    return Notification.objects.create(**named)


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.project, cast.admin, "Proofread")


def test_what_it_shows(api: Api, cast: Cast, task: Task) -> None:
    with heard():
        comment = make_comment(task, cast.manager, "@member")
    member = api.as_(cast.member)
    (row,) = member.get(LIST).json()["results"]
    event = UUID(row.pop("event"))
    assert event.version == 7
    assert {name: row[name] for name in row if name not in ("id", "created_at")} == {
        "user": str(cast.member.pk),
        "kind": "mentioned",
        "message": "Manager mentioned you in NEAR-1 “Proofread”",
        "task": str(task.pk),
        "actor": str(cast.manager.pk),
        "comment": str(comment.pk),
        "is_read": False,
        "read_at": None,
        "version": 1,
    }
    assert member.get(f"{LIST}{row['id']}/").json()["message"] == row["message"]


def test_relations_become_objects_and_the_words_follow_the_task(api: Api, cast: Cast, task: Task) -> None:
    note(cast.member, task, actor=cast.admin)
    Task.objects.filter(pk=task.pk).update(title="Proofread twice")
    User.objects.filter(pk=cast.member.pk).update(locale="de")
    (row,) = api.as_(cast.member).get(LIST, {"expand": "task,actor,user"}).json()["results"]
    assert row["task"] == {"id": str(task.pk), "key": "NEAR-1", "title": "Proofread twice", "status": "todo"}
    assert (row["actor"]["username"], row["user"]["username"]) == ("admin", "member")
    assert row["message"] == "Admin hat dir NEAR-1 “Proofread twice” zugewiesen"


def test_filters_and_orders(api: Api, cast: Cast, task: Task) -> None:
    other = make_task(cast.project, cast.admin)
    with frozen(now() - timedelta(days=2)):
        first = note(cast.member, task, "assigned", read_at=now())
    second = note(cast.member, other, "commented")
    member = api.as_(cast.member)
    yesterday = (now() - timedelta(days=1)).isoformat()
    for query, expected in (
        ({}, [second, first]),
        ({"is_read": "true"}, [first]),
        ({"is_read": "false"}, [second]),
        ({"kind": "Commented,mentioned"}, [second]),
        ({"kind!": "commented"}, [first]),
        ({"task": str(task.pk)}, [first]),
        ({"project": str(cast.project.pk)}, [second, first]),
        ({"project": str(cast.far_project.pk)}, []),
        ({"created_after": yesterday}, [second]),
        ({"created_before": yesterday}, [first]),
        ({"ordering": "created_at"}, [first, second]),
        ({"ordering": "-read_at"}, [first, second]),
    ):
        found = [row["id"] for row in member.get(LIST, query).json()["results"]]
        assert (query, found) == (query, [str(row.pk) for row in expected])


def test_pages_hang_together(api: Api, cast: Cast, task: Task) -> None:
    began = now()
    made = [str(note(cast.member, task, created_at=began + timedelta(seconds=at)).pk) for at in range(5)]
    member = api.as_(cast.member)
    first = member.get(LIST, {"page_size": 2}).json()
    second = member.get(first["next"]).json()
    third = member.get(second["next"]).json()
    found = [row["id"] for page in (first, second, third) for row in page["results"]]
    assert (found, third["next"]) == (made[::-1], None)


@pytest.mark.parametrize(
    "query",
    [{"is_read": "x"}, {"kind": "sms"}, {"task": "x"}, {"ordering": "kind"}, {"expand": "event"}, {"read": "1"}],
)
def test_what_is_not_known_is_refused(api: Api, cast: Cast, query: dict[str, str]) -> None:
    reply = api.as_(cast.member).get(LIST, query)
    assert reply.status_code == 400
    assert [one["field"] for one in reply.json()["errors"]] == list(query)


class TestReading:
    @pytest.fixture
    def row(self, cast: Cast, task: Task) -> Notification:
        return note(cast.member, task)

    @pytest.mark.parametrize(
        ("method", "body", "end"),
        [
            ("PATCH", {"is_read": True}, ""),
            ("PUT", {"is_read": True}, ""),
            ("POST", None, "read/"),
            ("PATCH", None, "read/"),
        ],
    )
    def test_marking_it_and_again_changes_nothing(
        self, api: Api, cast: Cast, row: Notification, method: str, body: Any, end: str
    ) -> None:
        member = api.as_(cast.member)
        first, again = (member.send(method, f"{LIST}{row.pk}/{end}", body) for _ in range(2))
        assert first.status_code == 200, first.content
        assert (first.json()["is_read"], first.json()["version"]) == (True, 2)
        assert again.json() == first.json()
        assert recorded() == recorded("task.created")

    def test_and_back(self, api: Api, cast: Cast, row: Notification) -> None:
        member = api.as_(cast.member)
        member.post(f"{LIST}{row.pk}/read/")
        reply = member.patch(f"{LIST}{row.pk}/", {"is_read": False})
        assert (reply.json()["is_read"], reply.json()["read_at"], reply.json()["version"]) == (False, None, 3)
        stale = member.patch(f"{LIST}{row.pk}/", {"is_read": True}, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["current"]["version"]) == (412, 3)

    def test_what_was_read_can_be_sent_back(self, api: Api, cast: Cast, row: Notification) -> None:
        member = api.as_(cast.member)
        shown = member.get(f"{LIST}{row.pk}/").json()
        reply = member.put(f"{LIST}{row.pk}/", shown)
        assert (reply.status_code, reply.json()) == (200, shown)

    @pytest.mark.parametrize("body", [{"is_read": "perhaps"}, {"read": True}, {"kind": "commented"}])
    def test_nothing_else_can_be_written(self, api: Api, cast: Cast, row: Notification, body: dict[str, Any]) -> None:
        assert api.as_(cast.member).patch(f"{LIST}{row.pk}/", body).status_code == 400
        row.refresh_from_db()
        assert (row.version, row.read_at) == (1, None)

    def test_removed_for_good(self, api: Api, cast: Cast, row: Notification) -> None:
        member = api.as_(cast.member)
        assert member.delete(f"{LIST}{row.pk}/").status_code == 204
        assert member.get(f"{LIST}{row.pk}/").status_code == 404
        assert member.delete(f"{LIST}{row.pk}/").status_code == 404
        assert member.get(LIST).json()["results"] == []
        assert member.get(f"{LIST}unread_count/").json() == {"unread_count": 0}

    @pytest.mark.parametrize("name", ["admin", "owner", "operator"])
    def test_nobody_elses(self, api: Api, cast: Cast, row: Notification, name: str) -> None:
        other = api.as_(cast.people[name])
        assert other.get(f"{LIST}{row.pk}/").status_code == 404
        assert other.post(f"{LIST}{row.pk}/read/").status_code == 404
        assert other.delete(f"{LIST}{row.pk}/").status_code == 404
        assert other.get(LIST).json()["results"] == []
        row.refresh_from_db()
        assert row.read_at is None

    def test_a_read_token_reads_and_a_write_token_marks(self, api: Api, cast: Cast, row: Notification) -> None:
        reads, writes = (api.as_(personal_token(cast.member, scope)) for scope in ("read", "write"))
        assert reads.get(f"{LIST}{row.pk}/").status_code == 200
        assert reads.post(f"{LIST}{row.pk}/read/").status_code == 403
        assert writes.post(f"{LIST}{row.pk}/read/").status_code == 200


class TestAll:
    def test_marks_what_is_seen_up_to_an_instant(self, api: Api, cast: Cast, task: Task) -> None:
        for days in (3, 2, 0):
            with frozen(now() - timedelta(days=days)):
                note(cast.member, task)
        note(cast.viewer, task)
        member = api.as_(cast.member)
        until = (now() - timedelta(days=1)).isoformat()
        assert member.post(f"{LIST}read-all/", {"until": until}).json() == {"marked": 2, "unread_count": 1}
        assert member.post(f"{LIST}read-all/").json() == {"marked": 1, "unread_count": 0}
        assert member.post(f"{LIST}read-all/", {}).json() == {"marked": 0, "unread_count": 0}
        assert Notification.objects.get(user=cast.viewer).read_at is None
        assert set(Notification.objects.filter(user=cast.member).values_list("version", flat=True)) == {2}

    def test_a_time_that_is_none_is_refused(self, api: Api, cast: Cast) -> None:
        reply = api.as_(cast.member).post(f"{LIST}read-all/", {"until": "yesterday"})
        assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, "until")

    def test_the_count_under_both_names(self, api: Api, cast: Cast, task: Task) -> None:
        note(cast.member, task)
        note(cast.member, task, read_at=now())
        member = api.as_(cast.member)
        for name in ("unread_count", "unread-count"):
            assert member.get(f"{LIST}{name}/").json() == {"unread_count": 1}


class TestGone:
    def counted(self, api: Api, person: User) -> tuple[int, int]:
        caller = api.as_(person)
        return len(caller.get(LIST).json()["results"]), caller.get(f"{LIST}unread_count/").json()["unread_count"]

    def test_with_the_membership(self, api: Api, cast: Cast, task: Task) -> None:
        row = note(cast.member, task)
        assert self.counted(api, cast.member) == (1, 1)
        ProjectMember.objects.filter(user=cast.member).delete()
        assert self.counted(api, cast.member) == (0, 0)
        assert api.as_(cast.member).get(f"{LIST}{row.pk}/").status_code == 404
        assert api.as_(cast.member).post(f"{LIST}read-all/").json() == {"marked": 0, "unread_count": 0}

    def test_with_the_task_in_the_trash(self, api: Api, cast: Cast, task: Task) -> None:
        note(cast.member, task)
        trash_task(task, actor=acting(cast.admin))
        assert self.counted(api, cast.member) == (0, 0)

    def test_for_a_guest_who_works_on_it_no_longer(self, api: Api, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin, assignees=[cast.guest.pk])
        note(cast.guest, task)
        assert self.counted(api, cast.guest) == (1, 1)
        task.assignments.all().delete()
        assert self.counted(api, cast.guest) == (0, 0)

    def test_through_a_token_for_another_project(self, api: Api, cast: Cast, task: Task) -> None:
        note(cast.admin, task)
        elsewhere = api.as_(personal_token(cast.admin, "write", projects=[uuid7()]))
        assert elsewhere.get(LIST).json()["results"] == []
        assert elsewhere.post(f"{LIST}read-all/").json() == {"marked": 0, "unread_count": 0}
        assert self.counted(api, cast.admin) == (1, 1)

    def test_a_deleted_comment_is_named_no_more(self, api: Api, cast: Cast, task: Task) -> None:
        comment = make_comment(task, cast.manager)
        note(cast.member, task, "commented", comment=comment)
        delete_comment(comment, actor=acting(cast.manager))
        (row,) = api.as_(cast.member).get(LIST).json()["results"]
        assert row["comment"] is None


def test_a_longer_list_costs_no_more_queries(api: Api, cast: Cast) -> None:
    def cost(count: int) -> tuple[int, int]:
        for task in make_tasks(cast.project, cast.admin, [f"t{at}" for at in range(count)]):
            note(cast.member, task, actor=cast.admin)
        member = api.as_(cast.member)
        with CaptureQueriesContext(connection) as captured:
            answer = member.get(LIST, {"page_size": 200, "expand": "task,actor,user"})
        return len(captured), len(answer.json()["results"])

    few, many = cost(3), cost(60)
    assert (many[0], many[1]) == (few[0], 63)

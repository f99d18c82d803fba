from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_project
from tests.log import recorded
from tests.work.tasks.making import acting, make_task, make_tasks
from workloom.events.queries import log_rows
from workloom.work.links.actions import link_tasks
from workloom.work.links.models import Link
from workloom.work.tasks.models import Task


def link(api: Api, task: Task, kind: str, other: Task | str) -> Any:
    """Send one link."""
    named = str(other.pk) if isinstance(other, Task) else other
    return api.post(f"/api/v1/tasks/{task.pk}/links/", {"kind": kind, "task": named})


@pytest.mark.parametrize(
    ("kind", "other_way"),
    [
        ("blocks", "blocked_by"),
        ("blocked_by", "blocks"),
        ("relates", "relates"),
        ("duplicates", "duplicated_by"),
        ("Duplicated By", "duplicates"),
    ],
)
def test_a_link_is_seen_from_both_ends(api: Api, cast: Cast, kind: str, other_way: str) -> None:
    one, other = make_tasks(cast.project, cast.admin, ["One", "Other"])
    member = api.as_(cast.member)
    reply = link(member, one, kind, "near-2")
    assert reply.status_code == 201, reply.content
    shown = reply.json()
    assert (shown["kind"], shown["task"]) == (kind.lower().replace(" ", "_"), str(other.pk))
    assert shown["created_by"] == str(cast.member.pk)
    assert member.get(reply["Location"]).json() == shown
    (back,) = member.get(f"/api/v1/tasks/{other.pk}/links/", {"expand": "task"}).json()["results"]
    assert (back["kind"], back["task"]["key"], back["task"]["title"]) == (other_way, "NEAR-1", "One")
    rows = {row.subject_id: row.changes for row in log_rows().filter(type="link.added")}
    assert rows == {
        one.pk: {"kind": [None, shown["kind"]], "task": [None, str(other.pk)]},
        other.pk: {"kind": [None, other_way], "task": [None, str(one.pk)]},
    }
    assert Task.objects.get(pk=one.pk).version == one.version, "a task does not show its links"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("blocks", 0), ("blocks", 0)),
        (("blocks", 0), ("blocked_by", 1)),
        (("relates", 0), ("relates", 1)),
        (("duplicates", 0), ("duplicates", 1)),
        (("duplicates", 0), ("duplicated_by", 1)),
    ],
)
def test_a_pair_is_linked_once_by_each_kind(
    api: Api, cast: Cast, first: tuple[str, int], second: tuple[str, int]
) -> None:
    tasks = make_tasks(cast.project, cast.admin, ["One", "Other"])
    member = api.as_(cast.member)
    assert link(member, tasks[first[1]], first[0], tasks[1 - first[1]]).status_code == 201
    again = link(member, tasks[second[1]], second[0], tasks[1 - second[1]])
    assert (again.status_code, again.json()["code"]) == (409, "already_linked")
    assert Link.objects.count() == 1
    assert len(recorded("link.added")) == 2
    assert link(member, tasks[0], "relates" if first[0] != "relates" else "blocks", tasks[1]).status_code == 201


def test_a_task_is_not_linked_with_itself(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    reply = link(api.as_(cast.member), task, "relates", "NEAR-1")
    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (400, "self_link")


def test_a_circle_of_blocking_is_refused_with_its_chain(api: Api, cast: Cast) -> None:
    first, second, third = make_tasks(cast.project, cast.admin, ["a", "b", "c"])
    member = api.as_(cast.member)
    assert link(member, first, "blocks", second).status_code == 201
    assert link(member, third, "blocked_by", second).status_code == 201
    refused = link(member, third, "blocks", first)
    assert (refused.status_code, refused.json()["code"]) == (409, "blocking_cycle")
    assert refused.json()["chain"] == ["NEAR-3", "NEAR-1", "NEAR-2", "NEAR-3"]
    assert link(member, second, "blocks", first).json()["chain"] == ["NEAR-2", "NEAR-1", "NEAR-2"]
    assert link(member, first, "blocks", third).status_code == 201
    assert Link.objects.count() == 3


def test_the_chain_does_not_name_what_is_not_seen(api: Api, cast: Cast) -> None:
    hidden_project = make_project(cast.outsider, key="HID")
    hidden = make_task(hidden_project, cast.outsider)
    first, second = make_tasks(cast.project, cast.admin, ["a", "b"])
    operator = acting(cast.operator)
    link_tasks(first, hidden, kind="blocks", actor=operator)
    link_tasks(hidden, second, kind="blocks", actor=operator)
    refused = link(api.as_(cast.member), second, "blocks", first)
    assert refused.json()["chain"] == ["NEAR-2", "NEAR-1", None, "NEAR-2"]
    assert "HID" not in refused.content.decode()


def test_links_to_what_is_not_seen_do_not_exist(api: Api, cast: Cast) -> None:
    task, far = make_task(cast.project, cast.admin), make_task(cast.far_project, cast.outsider)
    made = link_tasks(task, far, kind="relates", actor=acting(cast.operator))
    member, address = api.as_(cast.member), f"/api/v1/tasks/{task.pk}/links/"
    assert member.get(address, {"count": "true"}).json() | {"next": None} == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }
    assert member.get(f"{address}{made.pk}/").status_code == 404
    assert member.delete(f"{address}{made.pk}/").status_code == 404
    assert link(member, task, "relates", far).json()["errors"][0]["code"] == "unknown_task"
    assert len(api.as_(cast.operator).get(address).json()["results"]) == 1
    assert Link.objects.count() == 1


def test_links_to_trashed_tasks_are_hidden_until_they_come_back(api: Api, cast: Cast) -> None:
    one, other = make_tasks(cast.project, cast.admin, ["One", "Other"])
    admin = api.as_(cast.admin)
    link(admin, one, "relates", other)
    admin.delete(f"/api/v1/tasks/{other.pk}/")
    assert admin.get(f"/api/v1/tasks/{one.pk}/links/").json()["results"] == []
    admin.post(f"/api/v1/tasks/{other.pk}/restore/")
    assert len(admin.get(f"/api/v1/tasks/{one.pk}/links/").json()["results"]) == 1


def test_removing(api: Api, cast: Cast) -> None:
    one, other = make_tasks(cast.project, cast.admin, ["One", "Other"])
    member = api.as_(cast.member)
    made = link(member, one, "blocks", other).json()
    assert member.delete(f"/api/v1/tasks/{other.pk}/links/{made['id']}/").status_code == 204
    assert not Link.objects.exists()
    assert {row.subject_id for row in log_rows().filter(type="link.removed")} == {one.pk, other.pk}
    assert member.delete(f"/api/v1/tasks/{one.pk}/links/{made['id']}/").status_code == 404


@pytest.mark.parametrize(("name", "status"), [("viewer", 403), ("guest", 404), ("outsider", 404), (None, 401)])
def test_a_denied_call_changes_nothing(api: Api, cast: Cast, name: str | None, status: int) -> None:
    one, other, third = make_tasks(cast.project, cast.admin, ["One", "Other", "Third"])
    made = link_tasks(one, other, kind="blocks", actor=acting(cast.admin))
    before = recorded()
    person = api.as_(cast.people[name] if name else None)
    assert link(person, one, "relates", third).status_code == status
    assert person.delete(f"/api/v1/tasks/{one.pk}/links/{made.pk}/").status_code == status
    assert list(Link.objects.values_list("pk", flat=True)) == [made.pk]
    assert recorded() == before


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"kind": "blocks"}, "task", "required"),
        ({"task": "NEAR-1"}, "kind", "required"),
        ({"kind": "hates", "task": "NEAR-1"}, "kind", "unknown"),
        ({"kind": "blocks", "task": 1}, "task", "invalid"),
        ({"kind": "blocks", "task": "nothing"}, "task", "unknown_task"),
        ({"kind": "blocks", "task": "NEAR-99"}, "task", "unknown_task"),
    ],
)
def test_what_cannot_be_taken_is_named(api: Api, cast: Cast, body: object, field: str, code: str) -> None:
    task = make_task(cast.project, cast.admin)
    reply = api.as_(cast.member).post(f"/api/v1/tasks/{task.pk}/links/", body)
    assert reply.status_code == 400
    assert [(one["field"], one["code"]) for one in reply.json()["errors"]] == [(field, code)]


def test_a_link_has_one_version(api: Api, cast: Cast) -> None:
    here, other = make_tasks(cast.project, cast.admin, ["here", "other"])
    link, member = link_tasks(here, other, kind="blocks", actor=acting(cast.admin)), api.as_(cast.member)
    address = f"/api/v1/tasks/{here.pk}/links/{link.pk}/"
    assert member.get(address)["ETag"] == '"1"'
    assert member.get(address, headers={"If-None-Match": '"1"'}).status_code == 304
    stale = member.delete(address, headers={"If-Match": '"2"'})
    assert (stale.status_code, stale.json()["current"]["id"]) == (412, str(link.pk))
    assert member.delete(address, headers={"If-Match": '"1"'}).status_code == 204


def test_filtered_by_kind_as_this_task_sees_it(api: Api, cast: Cast) -> None:
    here, before, after = make_tasks(cast.project, cast.admin, ["here", "before", "after"])
    actor = acting(cast.admin)
    link_tasks(before, here, kind="blocks", actor=actor)
    link_tasks(here, after, kind="blocks", actor=actor)
    link_tasks(here, after, kind="relates", actor=actor)
    address, member = f"/api/v1/tasks/{here.pk}/links/", api.as_(cast.member)
    for kinds, count in (("blocks", 1), ("blocked-by", 1), ("relates", 1), ("blocks,blocked_by", 2), ("duplicates", 0)):
        assert (kinds, len(member.get(address, {"kind": kinds}).json()["results"])) == (kinds, count)
    assert member.get(address, {"kind": "x"}).status_code == 400


def test_a_guard_waits_for_what_blocks(api: Api, cast: Cast) -> None:
    blocker, task = make_tasks(cast.project, cast.admin, ["first", "second"])
    link_tasks(task, blocker, kind="blocked_by", actor=acting(cast.admin))
    moves = [{"source": "todo", "target": "done", "roles": [], "guards": ["blockers_done"]}]
    api.as_(cast.admin).patch(f"/api/v1/projects/{cast.project.pk}/workflow/", {"transitions": moves})
    member = api.as_(cast.member)
    refused = member.patch(f"/api/v1/tasks/{task.pk}/status/", {"status": "done"})
    assert (refused.status_code, refused.json()["guards"]) == (409, ["blockers_done"])
    assert member.patch(f"/api/v1/tasks/{blocker.pk}/status/", {"status": "done"}).status_code == 200
    assert member.patch(f"/api/v1/tasks/{task.pk}/status/", {"status": "done"}).status_code == 200


def test_a_long_list_costs_as_many_queries_as_a_short_one(api: Api, cast: Cast) -> None:
    person, costs = api.as_(cast.viewer), []
    for number in (3, 300):
        here, *others = make_tasks(cast.project, cast.admin, ["x"] * (number + 1))
        for other in others:
            link_tasks(here, other, kind="relates", actor=acting(cast.admin))
        query = {"page_size": 200, "expand": "task,created_by"}
        with CaptureQueriesContext(connection) as queries:
            assert person.get(f"/api/v1/tasks/{here.pk}/links/", query).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]

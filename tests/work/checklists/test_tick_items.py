from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import acting, make_task
from workloom.core.ids import uuid7
from workloom.work.checklists.actions import NewChecklist, NewItem, add_checklists
from workloom.work.checklists.models import Checklist, ChecklistItem
from workloom.work.tasks.models import Task


def make_checklist(cast: Cast, *texts: str, task: Task | None = None) -> Checklist:
    """A checklist with items, on a task of its own unless one is named."""
    task = task or make_task(cast.project, cast.admin)
    new = NewChecklist(task=task, name="Before release", items=[NewItem(text=text) for text in texts])
    return add_checklists([new], actor=acting(cast.admin))[0]


def order(api: Api, address: str) -> list[str]:
    """Return the texts or names of a list in their order, which has to count from 0 without gaps."""
    rows = api.get(address).json()["results"]
    assert [row["position"] for row in rows] == list(range(len(rows)))
    return [row.get("text", row.get("name")) for row in rows]


def test_a_member_makes_a_checklist(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    member, address = api.as_(cast.member), f"/api/v1/tasks/{task.pk}/checklists/"
    reply = member.post(address, {"name": " Plan "})
    assert reply.status_code == 201, reply.content
    shown = reply.json()
    assert (shown["name"], shown["position"], shown["items"], shown["items_count"]) == ("Plan", 0, [], 0)
    assert reply["Location"] == f"/api/v1/checklists/{shown['id']}/"
    assert api.as_(cast.viewer).get(reply["Location"]).json() == shown
    member.post(address, {"name": "Last"})
    member.post(address, {"name": "First", "position": 0})
    member.post(address, {"name": "Second", "after": member.get(address).json()["results"][0]["id"]})
    assert order(member, address) == ["First", "Second", "Plan", "Last"]
    assert recorded("checklist.created")[0] == ("checklist.created", {"name": [None, "Plan"]})


def test_items_keep_an_order_without_gaps(api: Api, cast: Cast) -> None:
    checklist = make_checklist(cast, "a", "b", "c", "d")
    member, address = api.as_(cast.member), f"/api/v1/checklists/{checklist.pk}/items/"
    ids = {row["text"]: row["id"] for row in member.get(address).json()["results"]}
    for text, body, expected in (
        ("a", {"position": 2}, "bcad"),
        ("d", {"after": None}, "dbca"),
        ("d", {"after": ids["c"]}, "bcda"),
        ("b", {"position": 99}, "cdab"),
        ("b", {"position": 3}, "cdab"),
    ):
        reply = member.patch(f"{address}{ids[text]}/", body)
        assert reply.status_code == 200, reply.content
        assert "".join(order(member, address)) == expected
    assert member.delete(f"{address}{ids['d']}/").status_code == 204
    assert "".join(order(member, address)) == "cab"
    both = member.patch(f"{address}{ids['a']}/", {"position": 0, "after": None})
    assert (both.status_code, both.json()["errors"][0]["code"]) == (400, "contradiction")
    lost = member.patch(f"{address}{ids['a']}/", {"after": str(uuid7())})
    assert (lost.status_code, lost.json()["errors"][0]["code"]) == (400, "unknown_neighbour")


def test_ticking_counts_on_the_checklist(api: Api, cast: Cast) -> None:
    checklist = make_checklist(cast, "a", "b")
    member, address = api.as_(cast.member), f"/api/v1/checklists/{checklist.pk}/"
    before = member.get(address).json()
    item = member.get(f"{address}items/").json()["results"][0]
    ticked = member.patch(f"{address}items/{item['id']}/", {"done": True}).json()
    assert (ticked["done"], ticked["version"]) == (True, 2)
    after = member.get(address).json()
    assert (before["done_count"], after["done_count"], after["items_count"]) == (0, 1, 2)
    assert after["version"] == before["version"] + 1
    assert recorded("checklist.item_updated") == [("checklist.item_updated", {"done": [False, True]})]
    assert member.patch(f"{address}items/{item['id']}/", {"done": True}).json()["version"] == 2
    assert len(recorded("checklist.item_updated")) == 1
    assert [row["text"] for row in member.get(f"{address}items/", {"done": "false"}).json()["results"]] == ["b"]


def test_items_are_shown_in_place_of_their_ids_when_asked_for(api: Api, cast: Cast) -> None:
    checklist = make_checklist(cast, "a", "b")
    shown = api.as_(cast.viewer).get(f"/api/v1/checklists/{checklist.pk}/", {"expand": "items"}).json()
    assert [item["text"] for item in shown["items"]] == ["a", "b"]


def test_an_assignee_must_be_in_the_project(api: Api, cast: Cast) -> None:
    checklist = make_checklist(cast)
    member, address = api.as_(cast.member), f"/api/v1/checklists/{checklist.pk}/items/"
    reply = member.post(address, {"text": "x", "assignee": str(cast.guest.pk)})
    assert (reply.status_code, reply.json()["assignee"]) == (201, str(cast.guest.pk))
    shown = member.get(reply["Location"], {"expand": "assignee"}).json()
    assert shown["assignee"]["username"] == "guest"
    refused = member.post(address, {"text": "x", "assigned_to": str(cast.outsider.pk)})
    assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [("assignee", "not_a_member")]
    assert member.patch(reply["Location"], {"assignee": None}).json()["assignee"] is None
    assert ChecklistItem.objects.count() == 1


@pytest.mark.parametrize(("name", "status"), [("guest", 200), ("viewer", 403), ("outsider", 404)])
def test_who_has_an_item_ticks_it_and_changes_nothing_else(api: Api, cast: Cast, name: str, status: int) -> None:
    person = cast.people[name]
    task = make_task(cast.project, cast.admin, assignees=(cast.guest.pk,))
    item = ChecklistItem.objects.get(checklist=make_checklist(cast, "a", task=task))
    ChecklistItem.objects.filter(pk=item.pk).update(assignee=person)
    address = f"/api/v1/checklists/{item.checklist_id}/items/{item.pk}/"
    assert api.as_(person).patch(address, {"done": True}).status_code == status
    assert ChecklistItem.objects.get(pk=item.pk).done is (status == 200)
    expected = 404 if name == "outsider" else 403
    for body in ({"text": "b"}, {"done": True, "text": "b"}, {"position": 0}, {}):
        assert api.as_(person).patch(address, body).status_code == expected
    assert ChecklistItem.objects.get(pk=item.pk).text == "a"


def test_a_guest_ticks_no_items_of_others(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, assignees=(cast.guest.pk,))
    item = ChecklistItem.objects.get(checklist=make_checklist(cast, "a", task=task))
    address = f"/api/v1/checklists/{item.checklist_id}/items/{item.pk}/"
    assert api.as_(cast.guest).get(address).status_code == 200
    assert api.as_(cast.guest).patch(address, {"done": True}).status_code == 403
    assert ChecklistItem.objects.get(pk=item.pk).done is False


@pytest.mark.parametrize(("name", "status"), [("viewer", 403), ("guest", 404), ("outsider", 404), (None, 401)])
def test_a_denied_call_changes_nothing(api: Api, cast: Cast, name: str | None, status: int) -> None:
    checklist = make_checklist(cast, "a")
    item = ChecklistItem.objects.get()
    far = make_checklist(cast, "far", task=make_task(cast.far_project, cast.outsider))
    person = api.as_(cast.people[name] if name else None)
    before = (recorded(), list(Checklist.objects.values()), list(ChecklistItem.objects.values()))
    own, items = f"/api/v1/checklists/{checklist.pk}/", f"/api/v1/checklists/{checklist.pk}/items/"
    calls: list[tuple[str, str, Any]] = [
        ("POST", f"/api/v1/tasks/{checklist.task_id}/checklists/", {"name": "x"}),
        ("PATCH", own, {"name": "x"}),
        ("PUT", own, {"name": "x"}),
        ("DELETE", own, None),
        ("POST", items, {"text": "x"}),
        ("PATCH", f"{items}{item.pk}/", {"text": "x"}),
        ("PUT", f"{items}{item.pk}/", {"text": "x"}),
        ("DELETE", f"{items}{item.pk}/", None),
    ]
    for method, address, body in calls:
        assert (method, address, person.send(method, address, body).status_code) == (method, address, status)
    if name != "outsider" and name is not None:
        assert person.get(f"/api/v1/checklists/{far.pk}/items/").status_code == 404
    assert (recorded(), list(Checklist.objects.values()), list(ChecklistItem.objects.values())) == before


def test_an_item_is_found_only_on_its_own_checklist(api: Api, cast: Cast) -> None:
    one, other = make_checklist(cast, "a"), make_checklist(cast, "b")
    item = ChecklistItem.objects.get(checklist=one)
    assert api.as_(cast.member).get(f"/api/v1/checklists/{other.pk}/items/{item.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "text", "required"),
        ({"text": " "}, "text", "blank"),
        ({"text": "x" * 501}, "text", "max_length"),
        ({"text": "x", "done": "maybe"}, "done", "invalid"),
        ({"text": "x", "position": -1}, "position", "min_value"),
        ({"text": "x", "assignee": "me"}, "assignee", "invalid"),
        ({"text": "x", "checklist": str(uuid7())}, "checklist", "read_only"),
        ({"text": "x", "txet": "y"}, "txet", "unknown_field"),
    ],
)
def test_what_cannot_be_taken_is_named(api: Api, cast: Cast, body: object, field: str, code: str) -> None:
    checklist = make_checklist(cast)
    reply = api.as_(cast.member).post(f"/api/v1/checklists/{checklist.pk}/items/", body)
    assert reply.status_code == 400
    assert [(one["field"], one["code"]) for one in reply.json()["errors"]] == [(field, code)]
    assert not ChecklistItem.objects.exists()


def test_renaming_and_deleting(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    first, second = make_checklist(cast, "a", task=task), make_checklist(cast, "b", task=task)
    member = api.as_(cast.member)
    address = f"/api/v1/checklists/{second.pk}/"
    renamed = member.put(address, {"name": "After release", "position": 0}, headers={"If-Match": '"1"'})
    assert (renamed.json()["name"], renamed.json()["position"], renamed.json()["version"]) == ("After release", 0, 2)
    assert member.delete(address, headers={"If-Match": '"1"'}).status_code == 412
    assert member.delete(address).status_code == 204
    assert member.get(address).status_code == 404
    assert member.get(f"/api/v1/checklists/{first.pk}/").json()["position"] == 0
    assert not ChecklistItem.objects.filter(text="b").exists()
    assert [name for name, _ in recorded("checklist.updated", "checklist.deleted")] == [
        "checklist.updated",
        "checklist.deleted",
    ]


def test_a_guard_waits_for_every_tick(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    checklist = make_checklist(cast, "a", "b", task=task)
    moves = [{"source": "todo", "target": "done", "roles": [], "guards": ["checklists_done"]}]
    changed = api.as_(cast.admin).patch(f"/api/v1/projects/{cast.project.pk}/workflow/", {"transitions": moves})
    assert changed.status_code == 200, changed.content
    member = api.as_(cast.member)
    refused = member.patch(f"/api/v1/tasks/{task.pk}/status/", {"status": "done"})
    assert (refused.status_code, refused.json()["guards"]) == (409, ["checklists_done"])
    for item in ChecklistItem.objects.filter(checklist=checklist):
        member.patch(f"/api/v1/checklists/{checklist.pk}/items/{item.pk}/", {"done": True})
    assert member.patch(f"/api/v1/tasks/{task.pk}/status/", {"status": "done"}).status_code == 200


@pytest.mark.parametrize("which", ["checklists", "items"])
def test_a_long_list_costs_as_many_queries_as_a_short_one(api: Api, cast: Cast, which: str) -> None:
    person, costs = api.as_(cast.viewer), []
    for number in (3, 300):
        task = make_task(cast.project, cast.admin)
        items = [NewItem(text="x", assignee=cast.member.pk) for _ in range(number if which == "items" else 2)]
        count = number if which == "checklists" else 1
        new = [NewChecklist(task=task, name="x", items=items) for _ in range(count)]
        first = add_checklists(new, actor=acting(cast.member))[0]
        address = f"/api/v1/tasks/{task.pk}/checklists/"
        query = {"page_size": 200, "expand": "items"}
        if which == "items":
            address, query["expand"] = f"/api/v1/checklists/{first.pk}/items/", "assignee"
        with CaptureQueriesContext(connection) as queries:
            assert person.get(address, query).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]

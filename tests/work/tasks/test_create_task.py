from uuid import UUID

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_user
from tests.log import recorded
from tests.work.tasks.making import make_task
from workloom.core.ids import uuid7
from workloom.work.labels.models import Label
from workloom.work.projects.models import Project
from workloom.work.tasks.models import Task

TASKS = "/api/v1/tasks/"


def test_a_title_is_enough(api: Api) -> None:
    ann = make_user("ann")
    answer = api.as_(ann).post(TASKS, {"title": "  Buy paper  "})
    assert answer.status_code == 201, answer.content
    task = answer.json()
    assert task["title"] == "Buy paper"
    assert (task["status"], task["status_category"], task["priority"]) == ("todo", "todo", "medium")
    assert task["key"] == f"{Project.objects.get(inbox_of=ann).key}-1"
    assert task["reporter"] == str(ann.pk)
    assert task["version"] == 1
    assert answer["Location"] == f"{TASKS}{task['id']}/"
    assert answer["ETag"] == '"1"'
    assert api.as_(ann).get(answer["Location"]).json() == task


def test_the_board_gives_the_project(api: Api, cast: Cast) -> None:
    board = cast.project.boards.get()
    body = {"title": "Ship", "board": str(board.pk), "priority": "HIGH", "status": "TODO"}
    task = api.as_(cast.member).post(TASKS, body).json()
    assert (task["project"], task["board"]) == (str(cast.project.pk), str(board.pk))
    assert (task["priority"], task["status"]) == ("high", "todo")


def test_every_field_is_kept(api: Api, cast: Cast) -> None:
    label = Label.objects.create(
        workspace=cast.workspace,
        project=cast.project,
        place=cast.project.pk,
        name="Bug",
        name_key="bug",
        colour="#ff0000",
        created_at=cast.project.created_at,
        updated_at=cast.project.created_at,
    )
    parent = make_task(cast.project, cast.admin, "Parent")
    body = {
        "id": str(uuid7()),
        "project": str(cast.project.pk),
        "title": "All of it",
        "description": "# Title\n\ntext",
        "status": "In Progress",
        "priority": "critical",
        "labels": [str(label.pk)],
        "assignees": [str(cast.member.pk), str(cast.viewer.pk)],
        "parent": f"near-{parent.number}",
        "start_date": "2026-11-01",
        "due_date": "2026-11-30T23:30:00+01:00",
        "estimate": 2.5,
    }
    task = api.as_(cast.member).post(TASKS, body).json()
    assert task["id"] == body["id"]
    assert task["description"] == body["description"]
    assert (task["status"], task["priority"]) == ("in_progress", "urgent")
    assert task["labels"] == body["labels"]
    assert task["assignees"] == body["assignees"]
    assert task["parent"] == str(parent.pk)
    assert (task["due_date"], task["due_at"]) == ("2026-11-30", "2026-11-30T22:30:00Z")
    assert (task["start_date"], task["estimate"]) == ("2026-11-01", 2.5)
    assert Task.objects.get(pk=parent.pk).subtasks_count == 1


def test_it_is_one_event(api: Api, cast: Cast) -> None:
    api.as_(cast.member).post(TASKS, {"title": "Seen", "project": str(cast.project.pk)})
    ((name, changes),) = recorded()
    assert name == "task.created"
    assert changes["title"] == [None, "Seen"]
    assert changes["status"] == [None, "todo"]


def test_numbers_rise_and_the_project_counts(api: Api, cast: Cast) -> None:
    for number in (1, 2, 3):
        task = api.as_(cast.member).post(TASKS, {"title": "x", "project": str(cast.project.pk)}).json()
        assert task["key"] == f"NEAR-{number}"
    assert Project.objects.get(pk=cast.project.pk).tasks_count == 3


@pytest.mark.parametrize("name", ["viewer", "guest"])
def test_who_only_looks_cannot_create(api: Api, cast: Cast, name: str) -> None:
    answer = api.as_(cast.people[name]).post(TASKS, {"title": "x", "project": str(cast.project.pk)})
    assert answer.status_code == 403
    assert Task.objects.count() == 0
    assert recorded() == []


def test_a_project_of_another_tenant_is_unknown(api: Api, cast: Cast) -> None:
    answer = api.as_(cast.member).post(TASKS, {"title": "x", "project": str(cast.far_project.pk)})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "project"
    assert Task.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "title", "required"),
        ({"title": ""}, "title", "blank"),
        ({"title": "  "}, "title", "blank"),
        ({"title": "x" * 256}, "title", "max_length"),
        ({"title": 7}, "title", "invalid"),
        ({"title": "x", "titel": "y"}, "titel", "unknown_field"),
        ({"title": "x", "status": "nowhere"}, "status", "unknown_status"),
        ({"title": "x", "priority": "huge"}, "priority", "invalid"),
        ({"title": "x", "due_date": "tomorrow"}, "due_date", "invalid"),
        ({"title": "x", "estimate": -1}, "estimate", "min_value"),
        ({"title": "x", "parent": "NEAR-99"}, "parent", "unknown_task"),
        ({"title": "x", "labels": [str(UUID(int=7))]}, "labels", "unknown_label"),
        ({"title": "x", "category": str(UUID(int=7))}, "category", "unknown_category"),
        ({"title": "x", "assignees": [str(UUID(int=7))]}, "assignees", "not_a_member"),
        ({"title": "x", "version": 3}, "version", "read_only"),
        ({"title": "x", "id": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}, "id", "version"),
        ({"title": "x", "status": "done", "is_completed": False}, "status", "contradiction"),
    ],
)
def test_bad_input_names_the_field(api: Api, cast: Cast, body: dict[str, object], field: str, code: str) -> None:
    answer = api.as_(cast.member).post(TASKS, {"project": str(cast.project.pk), **body})
    assert answer.status_code == 400, answer.content
    assert (answer.json()["errors"][0]["field"], answer.json()["errors"][0]["code"]) == (field, code)
    assert Task.objects.count() == 0
    assert recorded() == []


def test_an_outsider_is_let_in_as_guest_only_by_who_manages_members(api: Api, cast: Cast) -> None:
    body = {"title": "x", "project": str(cast.project.pk), "assignees": [str(cast.outsider.pk)]}
    refused = api.as_(cast.member).post(TASKS, body)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "not_a_member"
    made = api.as_(cast.admin).post(TASKS, body)
    assert made.status_code == 201
    assert cast.project.memberships.get(user=cast.outsider).role == "guest"
    assert api.as_(cast.outsider).get(f"{TASKS}{made.json()['key']}/").status_code == 200


def test_a_taken_id_says_nothing_of_whose_it_is(api: Api, cast: Cast) -> None:
    theirs = make_task(cast.far_project, cast.outsider)
    answer = api.as_(cast.member).post(TASKS, {"title": "x", "project": str(cast.project.pk), "id": str(theirs.pk)})
    assert answer.status_code == 409
    assert answer.json()["code"] == "id_taken"


def test_aliases_work_and_are_never_printed(api: Api, cast: Cast) -> None:
    body = {
        "title": "x",
        "project_id": str(cast.project.pk),
        "assigned_to": str(cast.member.pk),
        "status": "completed",
        "created_by": str(cast.admin.pk),
    }
    task = api.as_(cast.member).post(TASKS, body).json()
    assert task["assignees"] == [str(cast.member.pk)]
    assert task["status"] == "done"
    assert task["is_completed"] is True
    assert task["reporter"] == str(cast.admin.pk)
    assert not {"assigned_to", "created_by", "project_id"} & set(task)


def test_two_names_for_one_thing_must_agree(api: Api, cast: Cast) -> None:
    body = {"title": "x", "assignee": str(cast.member.pk), "assigned_to": str(cast.admin.pk)}
    answer = api.as_(cast.member).post(TASKS, body)
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"assignee", "assigned_to"}


def test_a_dry_run_answers_and_writes_nothing(api: Api, cast: Cast) -> None:
    answer = api.as_(cast.member).post(f"{TASKS}?dry_run=true", {"title": "x", "project": str(cast.project.pk)})
    assert answer.status_code == 201
    assert answer.json()["key"] == "NEAR-1"
    assert Task.objects.count() == 0
    assert recorded() == []


def test_the_same_key_makes_one_task(api: Api, cast: Cast) -> None:
    body = {"title": "once", "project": str(cast.project.pk)}
    key = {"Idempotency-Key": '"abc"'}
    first = api.as_(cast.member).post(TASKS, body, headers=key)
    again = api.as_(cast.member).post(TASKS, body, headers={"Idempotency-Key": "abc"})
    other = api.as_(cast.member).post(TASKS, {**body, "title": "twice"}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.content == first.content
    assert again["Idempotency-Replayed"] == "true"
    assert Task.objects.count() == 1


def test_a_refusal_is_kept_too(api: Api, cast: Cast) -> None:
    key = {"Idempotency-Key": "bad"}
    first = api.as_(cast.member).post(TASKS, {"title": ""}, headers=key)
    again = api.as_(cast.member).post(TASKS, {"title": ""}, headers=key)
    assert (first.status_code, again.status_code) == (400, 400)
    assert again["Idempotency-Replayed"] == "true"

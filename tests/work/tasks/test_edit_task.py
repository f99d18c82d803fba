from datetime import timedelta

import pytest
from django.db import transaction

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import acting, make_task
from workloom.core.clock import frozen, now
from workloom.work.tasks.access import access_task
from workloom.work.tasks.models import Task


def path(task: Task) -> str:
    return f"/api/v1/tasks/{task.pk}/"


def test_only_what_is_sent_changes(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, "Old", description="kept")
    answer = api.as_(cast.member).patch(path(task), {"title": "New"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["title"], answer.json()["description"], answer.json()["version"]) == ("New", "kept", 2)
    assert answer["ETag"] == '"2"'
    assert recorded("task.updated") == [("task.updated", {"title": ["Old", "New"]})]


def test_who_waited_for_a_lock_asks_for_the_statuses_anew(cast: Cast) -> None:
    task, actor = make_task(cast.project, cast.admin), acting(cast.member)
    assert access_task(actor, str(task.pk)).workflow_edition is not None
    with transaction.atomic():
        assert access_task(actor, str(task.pk), lock=True).workflow_edition is None


def test_a_change_to_the_same_is_no_change(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, "Same")
    answer = api.as_(cast.member).patch(path(task), {"title": "Same", "priority": "medium", "labels": []})
    assert answer.json()["version"] == 1
    assert recorded("task.updated") == []


def test_put_takes_back_what_get_gave(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, "Round", assignees=(cast.member.pk,))
    member = api.as_(cast.member)
    before = member.get(path(task)).json()
    answer = member.put(path(task), before)
    assert answer.status_code == 200, answer.content
    assert answer.json() == before


def test_put_needs_the_title(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    answer = api.as_(cast.member).put(path(task), {"description": "x"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "title"


def test_a_read_only_field_that_differs_is_refused(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    answer = api.as_(cast.member).patch(path(task), {"title": "New", "key": "X-1"})
    assert answer.status_code == 400
    assert Task.objects.get(pk=task.pk).title == "A task"


@pytest.mark.parametrize(
    ("name", "status"), [("viewer", 403), ("guest", 404), ("outsider", 404), ("manager", 200), ("operator", 200)]
)
def test_who_may_edit(api: Api, cast: Cast, name: str, status: int) -> None:
    task = make_task(cast.project, cast.admin)
    answer = api.as_(cast.people[name]).patch(path(task), {"title": "New"})
    assert answer.status_code == status
    assert (Task.objects.get(pk=task.pk).title == "New") is (status == 200)


def test_a_guest_changes_the_status_of_their_own_and_nothing_else(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, assignees=(cast.guest.pk,))
    guest = api.as_(cast.guest)
    assert guest.patch(path(task), {"title": "New"}).status_code == 403
    assert guest.patch(path(task), {"status": "done"}).status_code == 200
    assert guest.patch(f"{path(task)}status/", {"status": "review"}).json()["status"] == "review"


def test_archiving_needs_a_manager(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    assert api.as_(cast.member).patch(path(task), {"is_archived": True}).status_code == 403
    assert api.as_(cast.manager).patch(path(task), {"is_archived": True}).json()["is_archived"] is True


def test_completing_and_taking_it_back(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, status="in_progress")
    member = api.as_(cast.member)
    done = member.patch(path(task), {"completed": True}).json()
    assert (done["status"], done["is_completed"]) == ("done", True)
    assert done["completed_at"] is not None
    back = member.patch(path(task), {"is_completed": False}).json()
    assert (back["status"], back["is_completed"], back["completed_at"]) == ("in_progress", False, None)


def test_a_stale_version_is_refused_with_the_present_object(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    member = api.as_(cast.member)
    member.patch(path(task), {"title": "Second"})
    answer = member.patch(path(task), {"title": "Third"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    assert answer.json()["current"]["title"] == "Second"
    assert Task.objects.get(pk=task.pk).title == "Second"


def test_a_stale_patch_of_fields_nobody_touched_is_merged(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    member = api.as_(cast.member)
    member.patch(path(task), {"title": "Second"})
    answer = member.patch(path(task), {"priority": "low"}, headers={"If-Match": 'W/"1"'})
    assert answer.status_code == 200
    assert (answer.json()["title"], answer.json()["priority"]) == ("Second", "low")


@pytest.mark.parametrize("header", ['"1"', "*", '"9", "1"', 'W/"1"'])
def test_a_matching_version_is_accepted(api: Api, cast: Cast, header: str) -> None:
    task = make_task(cast.project, cast.admin)
    assert api.as_(cast.member).patch(path(task), {"title": "New"}, headers={"If-Match": header}).status_code == 200


def test_a_known_version_is_not_sent_again(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    answer = api.as_(cast.member).get(path(task), headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.content) == (304, b"")


def test_moving_to_another_project_gives_a_new_key_and_keeps_the_old(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    other = admin.post("/api/v1/projects/", {"name": "Other place", "key": "OTH"}).json()
    parent = make_task(cast.project, cast.admin, "Parent", status="review")
    child = make_task(cast.project, cast.admin, "Child", parent=parent)
    moved = admin.patch(path(parent), {"project": other["id"]})
    assert moved.status_code == 200, moved.content
    assert (moved.json()["key"], moved.json()["status"], moved.json()["project"]) == ("OTH-1", "review", other["id"])
    assert admin.get("/api/v1/tasks/near-1/").json()["id"] == str(parent.pk)
    assert admin.get(path(child)).json()["key"] == "OTH-2"
    assert admin.get(f"/api/v1/projects/{cast.project.pk}/").json()["tasks_count"] == 0
    assert admin.get(f"/api/v1/projects/{other['id']}/").json()["tasks_count"] == 2
    again = make_task(cast.project, cast.admin, "Next")
    assert again.number == 3


def test_moving_needs_rights_on_both_ends(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    answer = api.as_(cast.member).patch(path(task), {"project": str(cast.far_project.pk)})
    assert answer.status_code == 400
    assert Task.objects.get(pk=task.pk).project_id == cast.project.pk


def test_a_task_cannot_be_below_itself(api: Api, cast: Cast) -> None:
    parent = make_task(cast.project, cast.admin)
    child = make_task(cast.project, cast.admin, parent=parent)
    answer = api.as_(cast.member).patch(path(parent), {"parent": str(child.pk)})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "cycle"


def test_html_only_when_asked_for(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin, description="**bold** <script>alert(1)</script>")
    member = api.as_(cast.member)
    assert "description_html" not in member.get(path(task)).json()
    shown = member.get(path(task), {"fields": "id,description_html"}).json()
    assert set(shown) == {"id", "description_html"}
    assert "<strong>bold</strong>" in shown["description_html"]
    assert "<script" not in shown["description_html"]
    assert member.get("/api/v1/tasks/", {"fields": "id,description_html"}).json()["results"] == [shown]
    assert list(member.patch(path(task) + "?fields=description_html", {"description": "x"}).json().values()) == [
        "<p>x</p>\n"
    ]


def test_a_key_of_two_tasks_names_both(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    far = make_task(cast.far_project, cast.outsider)
    cast.far_project.key = "NEAR"
    cast.far_project.save(update_fields=["key"])
    answer = api.as_(cast.operator).get("/api/v1/tasks/NEAR-1/")
    assert answer.status_code == 409
    assert str(far.pk) in {task["id"] for task in answer.json()["tasks"]}
    assert api.as_(cast.outsider).get("/api/v1/tasks/near-1/").json()["id"] == str(far.pk)


def test_who_read_a_task_before_it_was_late_reads_it_again(api: Api, cast: Cast) -> None:
    due = now() + timedelta(minutes=1)
    task, member = make_task(cast.project, cast.admin, due_date=due.date(), due_at=due), api.as_(cast.member)
    known = {"If-None-Match": '"1"'}
    assert member.get(path(task), headers=known).status_code == 304
    with frozen(due + timedelta(minutes=1)):
        assert member.get(path(task), headers=known).json()["sla_breached"] is True


@pytest.mark.parametrize("field", ["due_date", "due_at", "start_date"])
@pytest.mark.parametrize("when", ["9999-12-31T23:59:59Z", "20261130", "2026-W48", "tomorrow", 20261130])
def test_a_time_that_is_none_in_every_zone_is_refused(api: Api, cast: Cast, field: str, when: object) -> None:
    task = make_task(cast.project, cast.admin)
    cast.member.time_zone = "Asia/Tokyo"
    cast.member.save(update_fields=["time_zone"])
    answer = api.as_(cast.member).patch(path(task), {field: when})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)

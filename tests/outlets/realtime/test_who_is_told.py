"""Each level of rights, judged when it is told."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.factories import make_project, personal_token
from tests.outlets.realtime.listening import Client, Listening
from tests.work.tasks.making import acting, make_task
from workloom.core.db import run_write
from workloom.people.accounts.actions import change_role as change_person
from workloom.people.accounts.models import User, UserRole
from workloom.people.rights.rules import PROJECT_RIGHTS, Role
from workloom.work.projects.actions import change_role, remove_member
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.tasks.actions import edit_task, trash_task
from workloom.work.tasks.actions.move import spread_ranks
from workloom.work.tasks.models import Task
from workloom.work.tasks.rules import TaskInput

pytestmark = pytest.mark.django_db(transaction=True)
END = "The end of it"


def edit(task: Task, by: User, **fields: Any) -> None:
    def work() -> None:
        fresh = Task.objects.select_related("project", "status").get(pk=task.pk)
        edit_task(fresh, TaskInput(**fields), rights=PROJECT_RIGHTS[Role.ADMIN], role=Role.ADMIN, actor=acting(by))

    run_write(work)


def told_until_the_end(client: Client, who: User) -> list[dict[str, Any]]:
    """What somebody was told before a task in a project of their own."""
    make_task(make_project(who), who, END)
    return client.until(END)


ALL = ("owner", "workspace_admin", "admin", "manager", "member", "viewer", "operator")


@pytest.mark.parametrize("name", ALL)
def test_who_reads_the_project_is_told_of_every_task(house: Listening, transactional_cast: Cast, name: str) -> None:
    cast = transactional_cast
    client = house.joined(cast.people[name])
    task = make_task(cast.project, cast.admin, "News")
    message = client.next()
    assert (message["type"], message["action"]) == ("task_update", "task_created")
    assert message["task"]["id"] == str(task.pk)
    assert message["task"]["key"] == "NEAR-1"
    assert message["seq"] > 0


@pytest.mark.parametrize("name", ["outsider"])
def test_a_stranger_is_told_nothing(house: Listening, transactional_cast: Cast, name: str) -> None:
    cast = transactional_cast
    client = house.joined(cast.people[name])
    task = make_task(cast.project, cast.admin, "News")
    edit(task, cast.admin, title="Other news")
    assert told_until_the_end(client, cast.people[name]) == []


def test_a_guest_is_told_of_their_own_tasks_alone(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    client = house.joined(cast.guest)
    make_task(cast.project, cast.admin, "Not theirs")
    task = make_task(cast.project, cast.admin, "Theirs", reporter=cast.guest.pk)
    assert client.next()["task"]["title"] == "Theirs"
    edit(task, cast.admin, reporter=cast.admin.pk)
    message = client.next()
    assert message["action"] == "task_deleted"
    assert message["task"] == {"id": str(task.pk), "key": "NEAR-2", "project": str(cast.project.pk)}
    edit(task, cast.admin, title="No business of theirs")
    assert told_until_the_end(client, cast.guest) == []


def test_a_guest_reads_no_parent_that_is_not_theirs(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    parent = make_task(cast.project, cast.admin, "Parent")
    guest, member = house.joined(cast.guest), house.joined(cast.member)
    child = make_task(cast.project, cast.admin, "Child", parent=parent, assignees=(cast.guest.pk,))
    assert guest.next()["task"]["parent"] is None
    counted, made = member.next(), member.next()
    assert (counted["task"]["title"], counted["task"]["subtasks_count"]) == ("Parent", 1)
    assert made["task"]["parent"] == str(parent.pk)
    edit(parent, cast.admin, assignees=(cast.guest.pk,))
    assert guest.next()["task"]["title"] == "Parent"
    edit(child, cast.admin, title="Child of one that is seen")
    assert guest.next()["task"]["parent"] == str(parent.pk)


def test_what_is_trashed_is_told_by_its_name_alone(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    task = make_task(cast.project, cast.admin, "Going")
    member, guest = house.joined(cast.member), house.joined(cast.guest)
    run_write(lambda: trash_task(Task.objects.select_related("project").get(pk=task.pk), actor=acting(cast.admin)))
    message = member.next()
    assert message["action"] == "task_deleted"
    assert message["task"] == {"id": str(task.pk), "key": "NEAR-1", "project": str(cast.project.pk)}
    assert told_until_the_end(guest, cast.guest) == []


def test_ranks_given_anew_are_a_reason_to_read_the_project_again(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    make_task(cast.project, cast.admin, "One of many")
    member, outsider = house.joined(cast.member), house.joined(cast.outsider)
    run_write(lambda: spread_ranks(Project.objects.get(pk=cast.project.pk)))
    message = member.next()
    assert (message["type"], message["projects"]) == ("resync", [str(cast.project.pk)])
    assert told_until_the_end(outsider, cast.outsider) == []


def test_who_was_removed_is_told_to_look_again_and_nothing_more(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    client = house.joined(cast.member)
    member = ProjectMember.objects.get(project=cast.project, user=cast.member)
    run_write(lambda: remove_member(Project.objects.get(pk=cast.project.pk), member, actor=acting(cast.admin)))
    make_task(cast.project, cast.admin, "Secret")
    message = client.next()
    assert (message["type"], message["projects"]) == ("resync", [str(cast.project.pk)])
    assert told_until_the_end(client, cast.member) == []


def test_a_lowered_role_counts_for_the_next_message(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    client = house.joined(cast.member)
    member = ProjectMember.objects.get(project=cast.project, user=cast.member)
    project = Project.objects.get(pk=cast.project.pk)
    run_write(lambda: change_role(project, member, "guest", actor=acting(cast.admin)))
    make_task(cast.project, cast.admin, "Not theirs")
    assert client.next()["type"] == "resync"
    assert told_until_the_end(client, cast.member) == []


def test_a_former_operator_is_told_no_more(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    run_write(lambda: change_person(cast.owner.pk, UserRole.ADMIN, actor=acting(cast.operator)))
    client = house.joined(cast.operator)
    run_write(lambda: change_person(cast.operator.pk, UserRole.USER, actor=acting(cast.owner)))
    make_task(cast.project, cast.admin, "Not theirs")
    message = client.next()
    assert (message["type"], message["projects"]) == ("resync", None)
    assert told_until_the_end(client, cast.operator) == []


def test_a_token_for_some_projects_hears_of_no_other(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    near = house.joined(personal_token(cast.admin, "read", projects=[cast.project.pk]))
    far = house.joined(personal_token(cast.operator, "read", projects=[cast.far_project.pk]))
    make_task(cast.project, cast.admin, "Near")
    make_task(cast.far_project, cast.outsider, "Far")
    assert near.next()["task"]["title"] == "Near"
    assert far.next()["task"]["title"] == "Far"
    make_task(cast.project, cast.admin, END)
    assert near.until(END) == []

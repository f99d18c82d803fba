"""A new task beside a change of its project that is under way: what it rests on is what that change leaves."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from tests.cast import Cast
from tests.races.together import at_once, sender
from tests.work.tasks.making import make_tasks
from workloom.core import rank
from workloom.core.db import lock
from workloom.core.http.inputs import read_input
from workloom.people.accounts.models import User
from workloom.work.projects.actions import remove_member
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.tasks.models import Assignment, Task
from workloom.work.workflows.actions import change_workflow
from workloom.work.workflows.models import Status
from workloom.work.workflows.queries import workflow_of
from workloom.work.workflows.serializers import WorkflowIn

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TASKS = "/api/v1/tasks/"
_PATIENCE_S = 10


def _created_behind(change: Callable[[Project], None], project: Project, by: User, body: dict[str, Any]) -> Any:
    """Send a new task while the change has its project locked, and return the answer."""
    locked, answered = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            change(lock(Project.objects.filter(pk=project.pk)).get())
            locked.set()
            _wait_for_somebody_who_waits(answered)

    def create() -> Any:
        locked.wait(_PATIENCE_S)
        try:
            return sender(by)("post", TASKS, body)
        finally:
            answered.set()

    return at_once([hold, create])[1]


def _wait_for_somebody_who_waits(answered: threading.Event) -> None:
    """Return once somebody waits for a lock; elsewhere than on PostgreSQL nobody can tell, but that there is no answer for a while."""
    if connection.vendor != "postgresql":
        assert not answered.wait(0.3)
        return
    until = time.monotonic() + _PATIENCE_S
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise TimeoutError("Nobody came to wait for the lock.")


def test_a_new_task_goes_behind_one_that_is_being_moved_to_the_end(transactional_cast: Cast) -> None:
    cast = transactional_cast
    first, _, last = make_tasks(cast.project, cast.admin, ["a", "b", "c"])
    end = rank.between(last.rank, None)

    def move(project: Project) -> None:
        Task.objects.filter(pk=first.pk).update(rank=end)

    answer = _created_behind(move, cast.project, cast.member, {"title": "new", "project": str(cast.project.pk)})
    assert answer.status_code == 201
    assert answer.json()["rank"] > end
    assert list(Task.objects.order_by("rank").values_list("title", flat=True)) == ["b", "c", "a", "new"]


def test_a_new_task_takes_the_number_behind_one_that_is_being_made(transactional_cast: Cast) -> None:
    cast = transactional_cast

    def make(project: Project) -> None:
        make_tasks(project, cast.admin, ["first"])

    answer = _created_behind(make, cast.project, cast.member, {"title": "second", "project": str(cast.project.pk)})
    assert (answer.status_code, answer.json()["key"]) == (201, f"{cast.project.key}-2")
    assert list(Task.objects.order_by("rank").values_list("title", flat=True)) == ["first", "second"]


def test_nobody_is_given_a_task_who_is_being_taken_out(transactional_cast: Cast) -> None:
    cast = transactional_cast
    leaving = ProjectMember.objects.get(project=cast.project, user=cast.manager)
    body = {"title": "new", "project": str(cast.project.pk), "assignees": [str(cast.manager.pk)]}
    answer = _created_behind(
        partial(remove_member, member=leaving, actor=cast.admin.as_actor()), cast.project, cast.member, body
    )
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "not_a_member")
    assert not Assignment.objects.exists()


def test_who_is_being_taken_out_makes_no_task(transactional_cast: Cast) -> None:
    cast = transactional_cast
    leaving = ProjectMember.objects.get(project=cast.project, user=cast.member)
    answer = _created_behind(
        partial(remove_member, member=leaving, actor=cast.admin.as_actor()),
        cast.project,
        cast.member,
        {"title": "new", "project": str(cast.project.pk)},
    )
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_project")
    assert not Task.objects.exists()


def test_a_new_task_begins_as_the_workflow_says_that_is_being_changed(transactional_cast: Cast) -> None:
    cast = transactional_cast
    started = {"slug": "todo", "label": "To do", "category": "in_progress"}

    def change(project: Project) -> None:
        workflow = workflow_of(project.pk).get()
        workflow.project = project
        others = [_spelled(status) for status in Status.objects.filter(project=project).exclude(slug="todo")]
        change_workflow(workflow, _wish(statuses=[started, *others], initial="todo"), actor=cast.admin.as_actor())

    answer = _created_behind(change, cast.project, cast.member, {"title": "new", "project": str(cast.project.pk)})
    assert (answer.status_code, answer.json()["status_category"]) == (201, "in_progress")
    task = Task.objects.get()
    assert (task.status_category, task.started_at is not None) == ("in_progress", True)


def test_a_new_task_has_the_initial_status_that_is_being_named(transactional_cast: Cast) -> None:
    cast = transactional_cast

    def change(project: Project) -> None:
        workflow = workflow_of(project.pk).get()
        workflow.project = project
        change_workflow(workflow, _wish(initial="review"), actor=cast.admin.as_actor())

    answer = _created_behind(change, cast.project, cast.member, {"title": "new", "project": str(cast.project.pk)})
    assert (answer.status_code, answer.json()["status"]) == (201, "review")


def _wish(**body: Any) -> Any:
    return read_input(WorkflowIn, body, whole=False, current=None)


def _spelled(status: Status) -> dict[str, Any]:
    return {name: getattr(status, name) for name in ("slug", "label", "category", "colour")}

"""Tasks under many hands at once: real connections, real commits, through HTTP."""

import threading
from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.cast import Cast
from tests.factories import access_token
from tests.races.together import at_once
from tests.work.tasks.making import make_task, make_tasks
from workloom.core.db import lock
from workloom.core.http.models import KeptAnswer
from workloom.core.ids import uuid7
from workloom.events.models import LogRow
from workloom.events.publish import publish
from workloom.events.verify import chain_breaks
from workloom.people.accounts.models import User
from workloom.work.checklists.actions import NewChecklist, NewItem, add_checklists
from workloom.work.projects.models import Project
from workloom.work.tasks.actions import edit
from workloom.work.tasks.models import Assignment, Task, Watcher
from workloom.work.workflows.queries import check_move

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TASKS = "/api/v1/tasks/"


class Person:
    """Somebody with a connection of their own."""

    def __init__(self, user: User) -> None:
        self.headers = {"Authorization": f"Bearer {access_token(user)}"}

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        client = Client(raise_request_exception=False)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            return getattr(client, method)(path, body, "application/json", headers={**self.headers, **named})
        finally:
            connection.close()


@pytest.fixture
def member(transactional_cast: Cast) -> Person:
    return Person(transactional_cast.member)


def test_twenty_edits_of_different_fields_all_survive(transactional_cast: Cast, member: Person) -> None:
    cast = transactional_cast
    tasks = make_tasks(cast.project, cast.admin, [f"t{n}" for n in range(4)])
    edits: list[tuple[str, Any]] = [
        ("title", "new"),
        ("description", "text"),
        ("priority", "urgent"),
        ("estimate", 5.0),
        ("start_date", "2026-11-01"),
    ]
    acts = [
        partial(member.send, "patch", f"{TASKS}{task.pk}/", {name: value}) for task in tasks for name, value in edits
    ]
    answers = at_once(acts)
    assert Counter(answer.status_code for answer in answers) == {200: 20}
    for task in tasks:
        row = Task.objects.get(pk=task.pk)
        assert (row.title, row.description, row.priority, row.estimate) == ("new", "text", 4, 5.0)
        assert row.start_date is not None
        assert row.version == 6
        events = LogRow.objects.filter(object_id=task.pk).order_by("n").values_list("object_version", flat=True)
        assert list(events) == [1, 2, 3, 4, 5, 6]


def test_of_twenty_edits_of_one_field_exactly_one_wins_per_version(transactional_cast: Cast, member: Person) -> None:
    task = make_task(transactional_cast.project, transactional_cast.admin)
    for version in (1, 2):
        acts = [
            partial(member.send, "patch", f"{TASKS}{task.pk}/", {"title": f"v{version} n{n}"}, If_Match=f'"{version}"')
            for n in range(20)
        ]
        answers = at_once(acts)
        assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
        (winner,) = [answer.json() for answer in answers if answer.status_code == 200]
        assert Task.objects.get(pk=task.pk).title == winner["title"]
        assert {answer.json()["current"]["title"] for answer in answers if answer.status_code == 412} == {
            winner["title"]
        }


def test_changes_of_status_follow_one_another_however_they_meet(transactional_cast: Cast, member: Person) -> None:
    """Each starts from what the one before it left, though none of them waits for a lock unless it was overtaken."""
    task = make_task(transactional_cast.project, transactional_cast.admin)
    wanted = ["in_progress", "done", "review", "backlog"] * 3
    others = [{"priority": "urgent"}, {"title": "another"}, {"estimate": 3.0}, {"labels": []}]
    acts = [partial(member.send, "patch", f"{TASKS}{task.pk}/status/", {"status": slug}) for slug in wanted]
    acts += [partial(member.send, "patch", f"{TASKS}{task.pk}/", body) for body in others]
    answers = at_once(acts)
    assert Counter(answer.status_code for answer in answers) == {200: len(acts)}
    rows = LogRow.objects.filter(object_id=task.pk).order_by("object_version", "n")
    assert list(dict.fromkeys(row.object_version for row in rows)) == list(range(1, task_version(task) + 1))
    moves = [row.changes["status"] for row in rows if row.type == "task.status_changed"]
    assert [old for old, _ in moves[1:]] == [new for _, new in moves[:-1]]
    assert moves[-1][1] == Task.objects.get(pk=task.pk).status.slug
    assert all(answer.json()["status"] == slug for answer, slug in zip(answers, wanted, strict=False))


def test_of_changes_of_status_from_one_version_one_wins(transactional_cast: Cast, member: Person) -> None:
    task = make_task(transactional_cast.project, transactional_cast.admin)
    path, if_first = f"{TASKS}{task.pk}/status/", {"If_Match": '"1"'}
    acts = [partial(member.send, "patch", path, {"status": "done"}, **if_first) for _ in range(10)]
    assert Counter(answer.status_code for answer in at_once(acts)) == {200: 1, 412: 9}
    assert task_version(task) == 2


def test_bulks_that_share_a_task_both_succeed(transactional_cast: Cast) -> None:
    cast, admin = transactional_cast, Person(transactional_cast.admin)
    tasks = make_tasks(cast.project, cast.admin, ["a", "b", "c"])
    for is_atomic in (True, False):
        bodies = [
            {
                "atomic": is_atomic,
                "operations": [
                    {"op": "update", "task": str(task.pk), "priority": priority, "estimate": float(at)}
                    for task in tasks
                ],
            }
            for at, priority in enumerate(["low", "high", "urgent", "medium"])
        ]
        answers = at_once([partial(admin.send, "post", f"{TASKS}bulk/", body) for body in bodies])
        assert [(answer.status_code, answer.json().get("failed")) for answer in answers] == [(200, 0)] * 4


def test_a_guard_knows_of_what_came_before_the_move(
    transactional_cast: Cast, member: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An item that is being added, under the task's lock, counts for whoever moves the task meanwhile."""
    cast = transactional_cast
    task = make_task(cast.project, cast.admin)
    moves = [{"source": "todo", "target": "done", "roles": [], "guards": ["checklists_done"]}]
    workflow = f"/api/v1/projects/{cast.project.pk}/workflow/"
    assert Person(cast.admin).send("patch", workflow, {"transitions": moves}).status_code == 200
    added, judged = threading.Event(), threading.Event()

    def watched(*args: Any, **kwargs: Any) -> None:
        try:
            check_move(*args, **kwargs)
        finally:
            judged.set()

    monkeypatch.setattr(edit, "check_move", watched)

    def add() -> None:
        with transaction.atomic():
            locked = lock(Task.objects.filter(pk=task.pk)).get()
            add_checklists(
                [NewChecklist(task=locked, name="List", items=(NewItem(text="open"),))], actor=cast.admin.as_actor()
            )
            added.set()
            if connection.vendor != "sqlite":  # which has one writer at a time, and others wait before they begin
                judged.wait(0.3)

    def move() -> Any:
        added.wait(10)
        return member.send("patch", f"{TASKS}{task.pk}/status/", {"status": "done"})

    _, answer = at_once([add, move])
    assert (answer.status_code, answer.json().get("guards")) == (409, ["checklists_done"])


def task_version(task: Task) -> int:
    return Task.objects.values_list("version", flat=True).get(pk=task.pk)


def test_fifty_movers_end_in_one_order_without_ties(transactional_cast: Cast, member: Person) -> None:
    cast = transactional_cast
    tasks = make_tasks(cast.project, cast.admin, [f"t{n}" for n in range(50)])
    acts = [
        partial(member.send, "post", f"{TASKS}{task.pk}/move/", {"after": str(tasks[(n * 7 + 3) % 50].pk)})
        for n, task in enumerate(tasks)
    ]
    answers = at_once(acts)
    assert Counter(answer.status_code for answer in answers) == {200: 50}
    ranks = list(Task.objects.filter(project=cast.project).values_list("rank", flat=True))
    assert len(set(ranks)) == 50
    shown = Client().get(f"{TASKS}?ordering=rank&page_size=200", headers=member.headers).json()["results"]
    assert [row["rank"] for row in shown] == sorted(ranks)


def test_creators_number_from_one_without_gap_or_double(transactional_cast: Cast, member: Person) -> None:
    cast = transactional_cast
    body = {"title": "x", "project": str(cast.project.pk)}
    answers = at_once([lambda: member.send("post", TASKS, body)] * 24)
    assert Counter(answer.status_code for answer in answers) == {201: 24}
    assert sorted(Task.objects.values_list("number", flat=True)) == list(range(1, 25))
    assert len(set(Task.objects.values_list("rank", flat=True))) == 24
    assert Project.objects.get(pk=cast.project.pk).tasks_count == 24


def test_one_idempotency_key_twenty_times_makes_one_task(transactional_cast: Cast, member: Person) -> None:
    body = {"title": "once", "project": str(transactional_cast.project.pk)}
    answers = at_once([lambda: member.send("post", TASKS, body, Idempotency_Key="same")] * 20)
    assert set(Counter(answer.status_code for answer in answers)) <= {201, 409}
    assert Task.objects.count() == 1
    assert KeptAnswer.objects.count() == 1
    ids = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert ids == {str(Task.objects.get().pk)}
    again = member.send("post", TASKS, body, Idempotency_Key="same")
    assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")


def test_one_client_made_id_makes_one_task(transactional_cast: Cast, member: Person) -> None:
    body = {"title": "x", "project": str(transactional_cast.project.pk), "id": str(uuid7())}
    answers = at_once([lambda: member.send("post", TASKS, body)] * 8)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}


def test_the_same_people_assigned_at_once_stand_there_once(transactional_cast: Cast, member: Person) -> None:
    cast = transactional_cast
    task = make_task(cast.project, cast.admin)
    body = {"assignees": [str(cast.member.pk), str(cast.manager.pk)]}
    answers = at_once([lambda: member.send("patch", f"{TASKS}{task.pk}/assign/", body)] * 8)
    assert Counter(answer.status_code for answer in answers) == {200: 8}
    assert Assignment.objects.filter(task=task).count() == 2
    assert Watcher.objects.filter(task=task).count() == 3
    assert Task.objects.get(pk=task.pk).version == 2


def test_publishers_at_once_number_without_gap_and_the_chain_holds(transactional_cast: Cast, member: Person) -> None:
    cast = transactional_cast
    body = {"title": "x", "project": str(cast.project.pk)}
    at_once([lambda: member.send("post", TASKS, body)] * 12 + [publish] * 4)
    publish()
    numbers = list(LogRow.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 12
    assert chain_breaks() == []


def test_moving_two_tasks_across_two_projects_crosswise_loses_neither(transactional_cast: Cast) -> None:
    cast = transactional_cast
    operator = Person(cast.operator)
    near, far = make_task(cast.project, cast.admin), make_task(cast.far_project, cast.outsider)
    answers = at_once(
        [
            lambda: operator.send("patch", f"{TASKS}{near.pk}/", {"project": str(cast.far_project.pk)}),
            lambda: operator.send("patch", f"{TASKS}{far.pk}/", {"project": str(cast.project.pk)}),
        ]
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (Task.objects.get(pk=near.pk).number, Task.objects.get(pk=far.pk).number) == (2, 2)
    assert list(
        Project.objects.filter(pk__in=[cast.project.pk, cast.far_project.pk]).values_list("tasks_count", flat=True)
    ) == [1, 1]

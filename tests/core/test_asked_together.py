"""Questions that are asked together are answered as each would be by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db.models import QuerySet

from tests.api import Api
from tests.cast import Cast
from tests.work.labels.test_change_label import make_label
from tests.work.tasks.making import make_task
from workloom.core import statements
from workloom.core.prepared import asked_together, prepared
from workloom.people.accounts.models import User
from workloom.work.tasks.models import Assignment, Task, TaskLabel


@prepared
def titles(project: UUID) -> QuerySet[Task, tuple[Any, ...]]:
    return Task.objects.filter(project=project).values_list("pk", "title", "description")


@prepared
def names(user: UUID) -> QuerySet[User, tuple[Any, ...]]:
    return User.objects.filter(pk=user).values_list("pk", "username", "name")


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note what is sent, without a watcher on the connection, for whom statements are sent one by one."""
    sent: list[str] = []

    def note(database: Any, sql: str, *args: Any, **kwargs: Any) -> Any:
        sent.append(sql)
        return real(database, sql, *args, **kwargs)

    real = statements._executed
    with monkeypatch.context() as patch:
        patch.setattr(statements, "_executed", note)
        yield sent


@pytest.mark.parametrize("alike", [False, True])
def test_each_is_answered_as_by_itself_and_once(cast: Cast, *, alike: bool) -> None:
    for title in ("One", "Two"):
        make_task(cast.project, cast.admin, title)
    alone = sorted(titles(cast.project.pk)), names(cast.admin.pk), titles(cast.far_project.pk)
    asked = [titles.asking(cast.project.pk), names.asking(cast.admin.pk), titles.asking(cast.far_project.pk)]
    with asked_together(asked, alike=alike):
        make_task(cast.project, cast.admin, "Three")
        before = sorted(titles(cast.project.pk)), names(cast.admin.pk), titles(cast.far_project.pk)
        after = titles(cast.project.pk)
    assert before[1:] == alone[1:]
    assert len(before[0]) in (2, 3)  # on PostgreSQL it was asked ahead
    assert {*before[0]} >= {*alone[0]}
    assert len(after) == 3


@pytest.mark.postgres
def test_people_and_labels_of_a_list_are_one_question(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    task = make_task(cast.project, cast.admin)
    Assignment.objects.create(task=task, user=cast.member)
    TaskLabel.objects.create(task=task, label=make_label(cast, "Blue"))
    member, query = api.as_(cast.member), {"expand": "assignees,labels"}
    first = member.get("/api/v1/tasks/", query).json()
    with counted(monkeypatch) as sent:
        assert member.get("/api/v1/tasks/", query).json() == first
    [row] = first["results"]
    assert (row["labels"][0]["name"], row["assignees"][0]["name"]) == ("Blue", "Member")
    assert len(sent) == 2

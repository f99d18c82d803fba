"""Queries whose SQL is made once give what the QuerySet they are made of would give, whatever the values."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.work.tasks.making import make_task
from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.conditions import Later, Unpreparable, for_actor, laid_out, later
from workloom.core.ids import NOBODY, uuid7
from workloom.core.prepared import is_whole, prepared
from workloom.work.tasks.models import Assignment, Task
from workloom.work.tasks.queries.visible import seen, visible_tasks


@pytest.fixture
def tasks(cast: Cast) -> list[Task]:
    return [make_task(cast.project, cast.admin, f"Number {at}") for at in range(5)]


def test_values_are_bound_anew_at_each_call(tasks: list[Task]) -> None:
    built: list[Any] = []

    @prepared
    def titled(title: str, before: datetime, *, archived: bool) -> QuerySet[Task]:
        built.append(title)
        return Task.objects.filter(title=title, created_at__lt=before, is_archived=archived)

    later_on = now() + timedelta(days=1)
    assert titled("Number 1", later_on, archived=False) == [tasks[1]]
    assert titled("Number 3", later_on, archived=False) == [tasks[3]]
    assert titled("Number 3", now() - timedelta(days=1), archived=False) == []
    assert titled("Number 3", later_on, archived=True) == []
    assert len(built) == 4  # twice for each of two forms


def test_instances_come_with_what_they_were_joined_with(cast: Cast, tasks: list[Task]) -> None:
    @prepared
    def joined(task: UUID) -> QuerySet[Task]:
        return Task.objects.filter(pk=task).select_related("project", "parent").annotate(twice=Q(number__gt=0))

    found = joined.first(tasks[2].pk)
    with CaptureQueriesContext(connection) as asked:
        assert found is not None
        assert (found, found.project, found.parent) == (tasks[2], cast.project, None)
        assert found.twice in (True, 1)  # type: ignore[attr-defined] # annotated
        assert found.created_at == tasks[2].created_at
    assert len(asked) == 0
    assert joined.first(NOBODY) is None


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_list_of_any_length_finds_its_own(tasks: list[Task], count: int) -> None:
    @prepared
    def numbers(ids: list[UUID]) -> QuerySet[Task, int]:
        return Task.objects.filter(pk__in=ids).order_by("number").values_list("number", flat=True)

    wanted = tasks[:count]
    assert numbers([task.pk for task in wanted]) == [task.number for task in wanted]
    with pytest.raises(Unpreparable):
        numbers([])


def test_numbers_too_large_for_the_column_find_nothing(tasks: list[Task]) -> None:
    @prepared
    def of_priority(priority: int) -> QuerySet[Task, Any]:
        return Task.objects.filter(priority=priority).values_list("pk")

    assert len(of_priority(tasks[0].priority)) == 5
    assert of_priority(40_000) == of_priority(2**31) == []


def test_what_decides_the_sql_is_refused_as_a_value(tasks: list[Task]) -> None:
    @prepared
    def holding(part: str) -> QuerySet[Task]:
        return Task.objects.filter(title__contains=part)

    @prepared
    def archived(wanted: bool) -> QuerySet[Task]:  # noqa: FBT001 - what must not be
        return Task.objects.filter(is_archived=wanted)

    for _ in range(2):
        with pytest.raises(Unpreparable):
            holding("Number")
        with pytest.raises(Unpreparable):
            archived(True)  # noqa: FBT003 - what must not be


def test_conditions_are_values_too(tasks: list[Task]) -> None:
    @prepared
    def found(condition: Q, *, order: str) -> QuerySet[Task]:
        return Task.objects.filter(condition, is_archived=False).order_by(order)

    either = Q(title="Number 1") | Q(title="Number 4", parent=None)
    assert found(either, order="number") == [tasks[1], tasks[4]]
    assert found(either, order="-number") == [tasks[4], tasks[1]]
    assert found(~either & Q(number__gte=tasks[2].number), order="number") == tasks[2:4]
    assert found(Q(pk__in=[]) | Q(title="Number 0"), order="number") == [tasks[0]]
    assert found(Q(pk__in=frozenset()), order="number") == []


def test_a_condition_may_have_no_use_for_a_value(cast: Cast, tasks: list[Task]) -> None:
    @prepared
    def named(condition: Q, ids: list[UUID]) -> QuerySet[Task]:
        return Task.objects.filter(condition, pk__in=ids)

    assert named(seen(cast.operator.as_actor()), [tasks[3].pk]) == [tasks[3]]
    assert named(seen(cast.outsider.as_actor()), [tasks[3].pk]) == []


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_query_for_each_of_several_values_is_one_statement(tasks: list[Task], count: int) -> None:
    @prepared
    def behind(number: int, title: str, *, most: int) -> QuerySet[Task]:
        return Task.objects.filter(number__gt=number).exclude(title=title).order_by("number")[:most]

    wanted = [(task.number, "Number 2") for task in tasks[:count]]
    with CaptureQueriesContext(connection) as asked:
        found = behind.each(wanted, most=2)
    assert len(asked) == min(count, 1)
    by_part = [[tasks[1], tasks[3]], [tasks[3], tasks[4]], [tasks[3], tasks[4]]]
    assert found == [task for part in by_part[:count] for task in part]


def test_a_later_condition_means_the_same_in_an_ordinary_query(cast: Cast, tasks: list[Task]) -> None:
    Assignment.objects.create(task=tasks[3], user=cast.guest)
    actors: list[Actor] = [user.as_actor() for user in (cast.admin, cast.guest, cast.outsider)]
    limited = Actor(**{**_fields(actors[0]), "projects": frozenset([cast.project.pk, uuid7()])})
    nowhere = Actor(**{**_fields(actors[0]), "projects": frozenset()})
    visible = prepared(lambda condition: Task.objects.filter(condition).order_by("number"))
    for actor in (*actors, limited, nowhere):
        wanted = list(visible_tasks(actor).order_by("number"))
        assert visible(seen(actor)) == wanted
        assert list(Task.objects.filter(seen(actor)).order_by("number")) == wanted
    assert visible(seen(actors[1])) == [tasks[3]]
    assert visible(seen(limited)) == tasks


def _fields(actor: Actor) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in Actor.__slots__}


def test_shape_and_values_of_a_condition_are_apart() -> None:
    mine, yours = uuid7(), uuid7()
    shapes = [laid_out(later(_by, who) & Q(number__gt=3)) for who in (mine, yours)]
    assert shapes[0][0] == shapes[1][0]
    assert [values for _, values in shapes] == [[mine, 3], [yours, 3]]
    assert laid_out(Q(later(_by, mine)))[0] != laid_out(~Q(later(_by, mine)))[0]
    with pytest.raises(Unpreparable):
        laid_out(Q(pk__in=Task.objects.values("pk")))
    with pytest.raises(Unpreparable):
        laid_out(Q(number=2**40))


def test_an_actor_as_data_has_no_name() -> None:
    names: list[str] = []

    def note(actor: Actor) -> Q:
        names.append(actor.name)
        return Q(reporter=actor.id)

    [child] = for_actor(note, Actor(id=uuid7(), kind="user", name="Ada")).children  # type: ignore[arg-type] # enough here
    assert isinstance(child, Later)
    child.made(child.values)
    assert names == [""]


def test_only_a_whole_table_is_whole(db: None) -> None:
    assert is_whole(Task.objects.all())
    assert not is_whole(Task.objects.filter(number=1))
    assert not is_whole(Task.objects.all()[:5])
    assert not is_whole(Task.objects.annotate(n=Q(number=1)))


def _by(user: UUID) -> Q:
    return Q(reporter=user)

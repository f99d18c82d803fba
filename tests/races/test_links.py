"""Two people who close a circle of blocking at the same instant: one of them is told."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.factories import make_project, make_user
from tests.races.together import at_once
from tests.work.tasks.making import acting, make_tasks
from workloom.core.actor import Actor
from workloom.core.errors import Conflict
from workloom.work.links.actions import link_tasks
from workloom.work.links.models import Link
from workloom.work.tasks.models import Task

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def codes_of(acts: list[Callable[[], Link]]) -> list[str]:
    """Run all at once and return the codes of refusals, "" for none."""

    def told(act: Callable[[], Link]) -> str:
        try:
            act()
        except Conflict as refusal:
            return refusal.code
        return ""

    codes: list[str] = at_once([partial(told, act) for act in acts])
    return codes


@pytest.fixture
def ring() -> tuple[list[Task], Actor]:
    """Six tasks."""
    person = make_user()
    project = make_project(person)
    return make_tasks(project, person, [f"{at}" for at in range(6)]), acting(person)


def block(first: Task, second: Task, actor: Actor) -> Callable[[], Link]:
    return lambda: link_tasks(first, second, kind="blocks", actor=actor)


def test_of_a_whole_ring_one_link_is_refused(ring: tuple[list[Task], Actor]) -> None:
    tasks, actor = ring
    codes = codes_of([block(task, tasks[at - 1], actor) for at, task in enumerate(tasks)])
    assert sorted(codes) == ["", "", "", "", "", "blocking_cycle"]
    assert Link.objects.count() == 5


def test_of_two_that_meet_in_the_middle_one_is_refused(ring: tuple[list[Task], Actor]) -> None:
    tasks, actor = ring
    block(tasks[0], tasks[1], actor)()
    block(tasks[2], tasks[3], actor)()
    codes = codes_of([block(tasks[1], tasks[2], actor), block(tasks[3], tasks[0], actor)])
    assert sorted(codes) == ["", "blocking_cycle"]


@pytest.mark.parametrize("kind", ["blocks", "relates", "duplicates"])
def test_the_same_link_is_made_once(ring: tuple[list[Task], Actor], kind: str) -> None:
    (first, second, *_), actor = ring
    codes = codes_of([lambda: link_tasks(first, second, kind=kind, actor=actor)] * 6)
    assert sorted(codes) == ["", *["already_linked"] * 5]
    assert Link.objects.count() == 1

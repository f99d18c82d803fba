"""What a file may bring thousands of is made ahead, a few in a transaction, so that others write in between."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from workloom.core.actor import Actor
from workloom.core.db import write
from workloom.outlets.exchange.actions.furnish import categories_of, demand_statuses, labels_of
from workloom.outlets.exchange.actions.people import seat_people
from workloom.outlets.exchange.models import Import
from workloom.outlets.exchange.plan import Plan
from workloom.people.rights.rules import Right
from workloom.work.labels.actions import import_categories, import_labels
from workloom.work.projects.access import access_project, rights_on
from workloom.work.projects.models import Project

AT_ONCE: Final = 25
Make = Callable[[Project, Sequence[Any]], object]


def prepare(work: Import, plan: Plan, *, actor: Actor, tell: Callable[[], None]) -> None:
    """Make people, labels and categories, which `furnish` then finds; raises what it would, before anything is made."""
    project = access_project(actor, work.project_id, Right.TASK_BULK)
    demand_statuses(project, plan, rights_on(actor, project.pk, project))

    def in_parts(things: Sequence[Any], make: Make) -> None:
        for at in range(0, len(things), AT_ONCE):
            _make_part(work, things[at : at + AT_ONCE], make, actor=actor)
            tell()

    in_parts(plan.people, lambda project, part: seat_people(work, project, part, actor=actor))
    in_parts(labels_of(plan), lambda project, part: import_labels(project, part, actor=actor))
    in_parts(categories_of(plan), lambda project, part: import_categories(project, part, actor=actor))


@write
def _make_part(work: Import, part: Sequence[Any], make: Make, *, actor: Actor) -> None:
    make(access_project(actor, work.project_id, Right.TASK_BULK, lock=True), part)

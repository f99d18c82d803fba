"""New tasks that stand one behind the other in a bulk: looked up one by one, written together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from msgspec import UNSET

from workloom.core.actor import Actor
from workloom.core.errors import Refused
from workloom.core.prepared import Answers, remembering
from workloom.people.rights.rules import Right
from workloom.work.projects.models import Project
from workloom.work.projects.queries import people_in
from workloom.work.tasks.actions import create_tasks
from workloom.work.tasks.actions.wanted import NewTask
from workloom.work.tasks.models import Task
from workloom.work.tasks.rules import TaskInput
from workloom.work.tasks.views.doing import planned, project_for

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(slots=True)
class _Share:
    """What of new tasks goes to one project, by its place in the bulk."""

    project: Project
    told: Answers = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    tasks: list[NewTask] = field(default_factory=list)


def made_together(wishes: Iterable[tuple[int, TaskInput]], actor: Actor) -> dict[int, Task]:
    """Make as many of these tasks as nothing is to be said of, and return them by their places in the bulk.

    The first that is missing is to be made by itself: that tells what is wrong with it, or lets somebody into a project.
    Nothing behind it is made or even looked at, so that numbers follow the order.
    """
    shares: dict[UUID, _Share] = {}
    named: dict[Any, _Share] = {}
    ids: set[Any] = set()
    for at, wanted in wishes:
        if wanted.id in ids or wanted.parent not in (UNSET, None):
            break
        try:
            name = (wanted.project, wanted.board)
            if name not in named:
                project = project_for(wanted, actor)
                named[name] = shares.setdefault(project.pk, _Share(project))
            share = named[name]
            new = _looked_up(share, wanted, actor)
        except Refused:
            break
        if new is None:
            break
        ids |= {wanted.id} - {UNSET}
        share.places.append(at)
        share.tasks.append(new)
    try:
        with transaction.atomic():
            return dict(
                sorted(
                    (pair for share in shares.values() if share.tasks for pair in _made(share, actor)),
                    key=itemgetter(0),
                )
            )
    except IntegrityError:  # somebody else took one of the ids meanwhile
        return {}


def _looked_up(share: _Share, wanted: TaskInput, actor: Actor) -> NewTask | None:
    """Look up what a new task names, asking nothing twice; None when it names somebody outside of the project."""
    with remembering(share.told):
        named = [*(wanted.assignees or ()), *([wanted.reporter] if wanted.reporter is not UNSET else [])]
        if named and not set(named) <= people_in(share.project, named):
            return None
        return planned(share.project, wanted, actor, Right.TASK_BULK)


def _made(share: _Share, actor: Actor) -> list[tuple[int, Task]]:
    return list(zip(share.places, create_tasks(share.project, share.tasks, actor=actor), strict=True))

"""Everything that tasks refer to, made before the first of them: people, statuses, a board, labels, categories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec import UNSET

from workloom.core.actor import Actor
from workloom.core.db import write
from workloom.core.errors import Forbidden
from workloom.core.text import trimmed
from workloom.outlets.exchange.actions.people import seat_people
from workloom.outlets.exchange.models import Import, LedgerEntry, Noun
from workloom.outlets.exchange.plan import Column, Plan
from workloom.outlets.exchange.queries import known_targets
from workloom.outlets.exchange.sources import limits
from workloom.people.rights.rules import Right, Rights
from workloom.work.boards.actions import create_board
from workloom.work.boards.models import Board
from workloom.work.boards.queries import boards_of, first_board
from workloom.work.boards.rules import ColumnWish, NewBoard
from workloom.work.labels.actions import import_categories, import_labels
from workloom.work.labels.models import Category
from workloom.work.labels.rules import NewTag
from workloom.work.projects.access import access_project, rights_on
from workloom.work.projects.models import Project
from workloom.work.workflows.actions import import_statuses
from workloom.work.workflows.models import Status
from workloom.work.workflows.queries import first_status, initial_status, named, statuses_of
from workloom.work.workflows.rules.statuses import StatusDraft


@dataclass(frozen=True, slots=True)
class Furniture:
    """What the source's ids mean in the project."""

    board: Board
    initial: Status
    statuses: Mapping[str, Status]
    people: Mapping[str, UUID]
    labels: Mapping[str, UUID]
    categories: Mapping[str, Category]


@write
def furnish(work: Import, plan: Plan, *, actor: Actor) -> Furniture:
    """Find or make what the plan names; raises Missing or Forbidden."""
    project = access_project(actor, work.project_id, Right.TASK_BULK, lock=True)
    statuses = _statuses(project, plan, rights_on(actor, project.pk, project), actor)
    labels, categories = labels_of(plan), categories_of(plan)
    return Furniture(
        board=_board(work, project, plan, statuses, actor=actor),
        initial=initial_status(project.pk),
        statuses=statuses,
        people=seat_people(work, project, plan.people, actor=actor),
        labels={
            label.source_id: made.pk
            for label, made in zip(plan.labels, import_labels(project, labels, actor=actor), strict=True)
        },
        categories={
            wanted.name: made
            for wanted, made in zip(categories, import_categories(project, categories, actor=actor), strict=True)
        },
    )


def labels_of(plan: Plan) -> list[NewTag]:
    """Return the labels that a plan brings, in its order."""
    return [NewTag(label.name, colour=label.colour or UNSET) for label in plan.labels]


def categories_of(plan: Plan) -> list[NewTag]:
    """Return the categories that a plan names, each once."""
    return [NewTag(name) for name in dict.fromkeys(task.category for task in plan.tasks if task.category)]


def demand_statuses(project: Project, plan: Plan, rights: Rights) -> list[StatusDraft]:
    """Return the statuses for a plan's columns; raises Forbidden where new ones would be needed and may not be made."""
    drafts = _apart(project, [column for column in plan.columns if not column.is_category])
    present = statuses_of(project.pk)
    fresh = [draft.label for draft in drafts if named(present, draft.label) is None]
    if fresh and Right.WORKFLOW_EDIT not in rights:
        listed = ", ".join(fresh[:10])
        raise Forbidden(
            detail=f"The file brings statuses that the project does not have ({listed}). "
            "A project admin can import it, or add them first.",
            needs=str(Right.WORKFLOW_EDIT),
        )
    return drafts


def _statuses(project: Project, plan: Plan, rights: Rights, actor: Actor) -> dict[str, Status]:
    """Columns that only stand for a category take the project's; each other one gets a status of its own."""
    statuses = {
        column.source_id: first_status(project.pk, column.category) or initial_status(project.pk)
        for column in plan.columns
        if column.is_category
    }
    named_columns = [column for column in plan.columns if not column.is_category]
    made = import_statuses(project, demand_statuses(project, plan, rights), actor=actor)
    return statuses | {column.source_id: status for column, status in zip(named_columns, made, strict=True)}


def _apart(project: Project, columns: Sequence[Column]) -> list[StatusDraft]:
    """Name the statuses so that no two columns mean the same one, as Done and Completed would."""
    present, drafts, taken = statuses_of(project.pk), [], set()
    for column in columns:
        label, number = column.name, 1
        while (status := named(present, label)) is not None and status.pk in taken:
            number += 1
            label = f"{column.name} ({number})"
        if status is not None:
            taken.add(status.pk)
        drafts.append(StatusDraft(label, column.category))
    return drafts


def _board(work: Import, project: Project, plan: Plan, statuses: Mapping[str, Status], *, actor: Actor) -> Board:
    """A board of the source becomes one here, once; other tasks go to the project's first."""
    first = first_board(project.pk)
    shown = set(first.columns.values_list("placed__status", flat=True))
    columns = [column for column in plan.columns if not column.is_category]
    if not plan.has_board and all(statuses[column.source_id].pk in shown for column in columns):
        return first
    name = (trimmed(plan.name) or work.file_name)[: limits.NAME]
    known = known_targets(project.pk, work.kind, Noun.BOARD, [name]).get(name)
    found = boards_of(project.pk).filter(pk=known).first() if known else None
    if found is not None:
        return found
    wishes = tuple(
        ColumnWish(name=column.name, statuses=(statuses[column.source_id].slug,), is_archived=column.is_archived)
        for column in columns
    )
    made = create_board(project, NewBoard(name, columns=wishes), actor=actor)
    entry, _ = LedgerEntry.objects.get_or_create(
        project=project, kind=work.kind, noun=Noun.BOARD, source_id=name, defaults={"target": made.pk, "made_by": work}
    )
    if entry.target != made.pk:
        entry.target = made.pk
        entry.save(update_fields=["target"])
    return made

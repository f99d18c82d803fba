"""Boards follow the workflow: columns for new statuses, none left for statuses that went."""

from collections.abc import Sequence

from workloom.core.actor import Actor
from workloom.core.db import lock, write
from workloom.work.boards.actions.columns import picture_of, set_columns
from workloom.work.boards.actions.edit import touch
from workloom.work.boards.queries import boards_of, columns_of
from workloom.work.boards.rows import ColumnRow
from workloom.work.boards.rules import ColumnWish
from workloom.work.workflows.actions import WorkflowChange
from workloom.work.workflows.models import Status
from workloom.work.workflows.queries import statuses_of


@write
def follow_statuses(change: WorkflowChange, *, actor: Actor) -> None:
    """Change every board of a project whose statuses changed; new statuses get a column on the first board."""
    gone = {status.pk for status, _ in change.removed}
    order = [status for status in statuses_of(change.project) if status.pk not in gone]
    for at, board in enumerate(lock(boards_of(change.project)).select_related("project")):
        before = picture_of(board)
        columns = _followed(columns_of([board.pk])[board.pk], change)
        if at == 0:
            columns = _with_new(columns, change.added, order)
        set_columns(board, columns)
        after = picture_of(board)
        touch(board, {} if after == before else {"columns": (before, after)}, actor=actor)


def _followed(columns: Sequence[ColumnRow], change: WorkflowChange) -> list[ColumnWish]:
    """Rename columns called like their status; put successors in, and drop columns that nothing is left in."""
    labels = {(status.slug, old): status.label for status, old in change.renamed}
    heirs = {status.slug: successor.slug if successor else None for status, successor in change.removed}
    shown = {slug for column in columns for slug in column.statuses}
    wishes = []
    for column in columns:
        statuses: list[str] = []
        for slug in column.statuses:
            heir = heirs.get(slug, slug)
            if heir is not None and (heir == slug or heir not in shown):
                statuses.append(heir)
                shown.add(heir)
        if column.statuses and not statuses:
            continue
        name = labels.get((column.statuses[0], column.name), column.name) if len(column.statuses) == 1 else column.name
        wishes.append(ColumnWish(column.id, name, tuple(statuses)))
    return wishes


def _with_new(wishes: list[ColumnWish], added: Sequence[Status], order: Sequence[Status]) -> list[ColumnWish]:
    """Put each new status that has no column behind the column of the status before it."""
    slugs = [status.slug for status in order]
    fresh = {status.pk for status in added}
    for at, status in enumerate(order):
        holders = {slug: place for place, wish in enumerate(wishes) for slug in _slugs(wish)}
        if status.pk not in fresh or status.slug in holders:
            continue
        before = [holders[slug] for slug in slugs[:at] if slug in holders]
        place = before[-1] + 1 if before else 0
        wishes = [*wishes[:place], ColumnWish(name=status.label, statuses=(status.slug,)), *wishes[place:]]
    return wishes


def _slugs(wish: ColumnWish) -> tuple[str, ...]:
    return wish.statuses if isinstance(wish.statuses, tuple) else ()

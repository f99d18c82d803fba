"""Writing the columns of one board as a whole list."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import UNSET, to_builtins

from workloom.core.errors import FieldError, Invalid
from workloom.work.boards.models import Board, Column, ColumnStatus
from workloom.work.boards.queries import columns_of
from workloom.work.boards.rules import ColumnWish
from workloom.work.workflows.models import Status
from workloom.work.workflows.queries import named, statuses_of


def picture_of(board: Board) -> list[dict[str, object]]:
    """Return a board's columns as plain values: for comparing and for the log."""
    plain: list[dict[str, object]] = to_builtins(columns_of([board.pk])[board.pk])
    return plain


def set_columns(board: Board, wishes: Sequence[ColumnWish]) -> None:
    """Make a board's columns what is wished, keeping those named by id; raises Invalid naming each wrong entry."""
    present = {column.pk: column for column in Column.objects.filter(board=board)}
    errors = _faults(present, wishes)
    if errors:
        raise Invalid.many(errors)
    places = _places(board, wishes)
    kept: list[Column] = []
    for position, wish in enumerate(wishes):
        column = present.get(wish.id) if isinstance(wish.id, UUID) else None
        kept.append(_written(column or Column(board=board), wish, position, is_new=column is None))
    placed = {
        (column.pk, status.pk): at
        for column, statuses in zip(kept, places, strict=True)
        for at, status in enumerate(statuses)
    }
    _place(board, placed)
    Column.objects.filter(board=board).exclude(pk__in=[column.pk for column in kept]).delete()


def _written(column: Column, wish: ColumnWish, position: int, *, is_new: bool) -> Column:
    column.name = column.name if wish.name is UNSET else wish.name
    column.wip_limit = column.wip_limit if wish.wip_limit is UNSET else wish.wip_limit
    column.is_archived = column.is_archived if wish.is_archived is UNSET else wish.is_archived
    column.position = position
    if is_new:
        column.save(force_insert=True)
    else:
        column.save(update_fields=["name", "wip_limit", "is_archived", "position"])
    return column


def _place(board: Board, wanted: dict[tuple[UUID, UUID], int]) -> None:
    """Write which column shows which status, and touch only what differs."""
    present = {(one.column_id, one.status_id): one for one in ColumnStatus.objects.filter(board=board)}
    ColumnStatus.objects.filter(pk__in=[one.pk for ends, one in present.items() if ends not in wanted]).delete()
    for ends, one in present.items():
        if ends in wanted and one.position != wanted[ends]:
            one.position = wanted[ends]
            one.save(update_fields=["position"])
    ColumnStatus.objects.bulk_create(
        ColumnStatus(board=board, column_id=column, status_id=status, position=at)
        for (column, status), at in wanted.items()
        if (column, status) not in present
    )


def _faults(present: dict[UUID, Column], wishes: Sequence[ColumnWish]) -> list[FieldError]:
    errors = []
    seen: set[UUID] = set()
    for at, wish in enumerate(wishes):
        if not isinstance(wish.id, UUID):
            if wish.name is UNSET:
                errors.append(FieldError(f"columns.{at}.name", "required", "A new column needs a name."))
            continue
        if wish.id not in present:
            detail = "The board has no column with this id. Leave id out for a new one."
            errors.append(FieldError(f"columns.{at}.id", "unknown_column", detail))
        if wish.id in seen:
            errors.append(FieldError(f"columns.{at}.id", "duplicate", "This column stands twice in the list."))
        seen.add(wish.id)
    return errors


def _places(board: Board, wishes: Sequence[ColumnWish]) -> list[list[Status]]:
    """Return each column's statuses; raises Invalid naming each that cannot be there."""
    statuses = statuses_of(board.project_id)
    kept = {row.id: row.statuses for row in columns_of([board.pk])[board.pk]}
    errors: list[FieldError] = []
    holder: dict[UUID, int] = {}
    places: list[list[Status]] = []
    for at, wish in enumerate(wishes):
        words = kept.get(wish.id, []) if isinstance(wish.id, UUID) else []
        places.append([])
        for word in words if wish.statuses is UNSET else wish.statuses:
            status = named(statuses, word)
            if status is None:
                listed = ", ".join(one.slug for one in statuses)
                detail = f"There is no status “{word[:80]}”. There are: {listed}."
                errors.append(FieldError(f"columns.{at}.statuses", "unknown_status", detail))
            elif holder.setdefault(status.pk, at) != at:
                detail = (
                    f"{status.slug} stands in column {holder[status.pk] + 1} of the list already; it has one place."
                )
                errors.append(FieldError(f"columns.{at}.statuses", "status_twice", detail))
            elif status not in places[at]:
                places[at].append(status)
    for at, wish in enumerate(wishes):
        status = named(statuses, str(wish.name)) if wish.id is UNSET and wish.statuses is UNSET else None
        if status is not None and status.pk not in holder:
            holder[status.pk] = at
            places[at].append(status)
    if errors:
        raise Invalid.many(errors)
    return places

"""Changing a workflow as a whole: statuses, the initial one, moves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from msgspec import UNSET

from workloom.core import seams
from workloom.core.actor import Actor
from workloom.core.db import write
from workloom.core.errors import FieldError, Invalid
from workloom.work.workflows.actions.furnish import new_status, record_change
from workloom.work.workflows.models import Status, Transition, Workflow
from workloom.work.workflows.queries import named, statuses_of, workflow_row
from workloom.work.workflows.rules.statuses import StatusDraft, wished_statuses, word_key
from workloom.work.workflows.rules.wishes import ALL, TransitionWish, WorkflowWish


@dataclass(frozen=True, slots=True)
class WorkflowChange:
    """What became of a project's statuses: `removed` with their successors, `renamed` with their old labels."""

    project: UUID
    added: list[Status] = field(default_factory=list)
    renamed: list[tuple[Status, str]] = field(default_factory=list)
    recategorised: list[Status] = field(default_factory=list)
    removed: list[tuple[Status, Status | None]] = field(default_factory=list)


@write
def change_workflow(workflow: Workflow, wish: WorkflowWish, *, actor: Actor) -> Workflow:
    """Make a workflow, whose project is locked, what is wished.

    Raises Invalid, and from the rooms above Conflict for a status in use that goes without a successor.
    """
    project = workflow.project
    before = workflow_row(project.pk).picture()
    change, statuses = _change_statuses(workflow, wish)
    _change_initial(workflow, wish, statuses, change)
    if wish.transitions is not UNSET:
        _change_transitions(workflow, wish.transitions, statuses)
    _tell(change, actor)
    Status.objects.filter(pk__in=[status.pk for status, _ in change.removed]).delete()
    after = workflow_row(project.pk).picture()
    changes = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    if changes:
        record_change(workflow, changes, actor=actor)
    return workflow


def _tell(change: WorkflowChange, actor: Actor) -> None:
    for status, successor in change.removed:
        seams.call("status_removed", status, successor, actor=actor)
    for status in change.recategorised:
        seams.call("status_recategorised", status, actor=actor)
    if change.added or change.renamed or change.removed:
        seams.call("statuses_changed", change, actor=actor)


def _change_statuses(workflow: Workflow, wish: WorkflowWish) -> tuple[WorkflowChange, list[Status]]:
    present = statuses_of(workflow.project_id)
    change = WorkflowChange(workflow.project_id)
    if wish.statuses is UNSET:
        if wish.successors:
            raise _not_going(next(iter(wish.successors)))
        return change, present
    drafts = [StatusDraft(status.label, status.category, status.slug, status.colour) for status in present]
    known = {status.slug: status for status in present}
    statuses = []
    for position, draft in enumerate(wished_statuses(drafts, wish.statuses)):
        status = known.get(draft.slug)
        if status is None:
            status = new_status(workflow.project, draft, position, ())
            status.save(force_insert=True)
            change.added.append(status)
        else:
            _change_status(status, draft, position, change)
        statuses.append(status)
    kept = {status.slug for status in statuses}
    gone = [status for status in present if status.slug not in kept]
    change.removed.extend(_with_successors(gone, statuses, wish))
    return change, statuses


def _change_status(status: Status, draft: StatusDraft, position: int, change: WorkflowChange) -> None:
    if status.label != draft.label:
        change.renamed.append((status, status.label))
    if status.category != draft.category:
        change.recategorised.append(status)
    wanted = (draft.label, draft.category, draft.colour, position)
    if (status.label, status.category, status.colour, status.position) == wanted:
        return
    status.label, status.category, status.colour, status.position = wanted
    status.label_key = word_key(draft.label)
    status.save(update_fields=["label", "label_key", "category", "colour", "position"])


def _with_successors(
    gone: Sequence[Status], statuses: list[Status], wish: WorkflowWish
) -> list[tuple[Status, Status | None]]:
    wished = {word_key(old): new for old, new in wish.successors.items()}
    for slug in wished:
        if all(status.slug != slug for status in gone):
            raise _not_going(slug)
    found = []
    for status in gone:
        successor = named(statuses, wished[status.slug]) if status.slug in wished else None
        if successor is None and status.slug in wished:
            raise _unknown(f"successors.{status.slug}", wished[status.slug], statuses)
        found.append((status, successor))
    return found


def _change_initial(workflow: Workflow, wish: WorkflowWish, statuses: list[Status], change: WorkflowChange) -> None:
    initial = workflow.initial_id
    if wish.initial is not UNSET:
        status = named(statuses, str(wish.initial))
        if status is None:
            raise _unknown("initial", str(wish.initial), statuses)
        initial = status.pk
    for status, successor in change.removed:
        if status.pk == initial:
            if successor is None:
                raise Invalid(
                    "initial", "initial_removed", f"{status.slug} is the initial status. Name another initial."
                )
            initial = successor.pk
    if initial != workflow.initial_id:
        workflow.initial_id = initial
        workflow.save(update_fields=["initial"])


def _change_transitions(workflow: Workflow, wished: str | tuple[TransitionWish, ...], statuses: list[Status]) -> None:
    moves: dict[tuple[UUID, UUID], Transition] = {}
    errors: list[FieldError] = []
    for at, wish in enumerate(() if isinstance(wished, str) else wished):
        source, target = named(statuses, wish.source), named(statuses, wish.target)
        if source is None or target is None:
            name, word = ("from", wish.source) if source is None else ("to", wish.target)
            errors += _unknown(f"transitions.{at}.{name}", word, statuses).errors
        elif source.pk == target.pk or (source.pk, target.pk) in moves:
            detail = "stands twice" if source.pk != target.pk else "leads nowhere; staying is always allowed"
            errors.append(FieldError(f"transitions.{at}", "duplicate", f"The move {source} to {target} {detail}."))
        else:
            moves[source.pk, target.pk] = Transition(
                project=workflow.project, source=source, target=target, roles=list(wish.roles), guards=list(wish.guards)
            )
    if errors:
        raise Invalid.many(errors)
    _write_transitions(workflow, moves, allows_all=wished == ALL)


def _write_transitions(workflow: Workflow, moves: dict[tuple[UUID, UUID], Transition], *, allows_all: bool) -> None:
    present = {(move.source_id, move.target_id): move for move in Transition.objects.filter(project=workflow.project)}
    stale = [
        move.pk
        for ends, move in present.items()
        if ends not in moves or (move.roles, move.guards) != (moves[ends].roles, moves[ends].guards)
    ]
    Transition.objects.filter(pk__in=stale).delete()
    kept = {ends for ends, move in present.items() if move.pk not in stale}
    Transition.objects.bulk_create([move for ends, move in moves.items() if ends not in kept])
    if workflow.allows_all != allows_all:
        workflow.allows_all = allows_all
        workflow.save(update_fields=["allows_all"])


def _unknown(field_name: str, word: str, statuses: Sequence[Status]) -> Invalid:
    slugs = ", ".join(status.slug for status in statuses)
    return Invalid(field_name, "unknown_status", f"There is no status “{word[:80]}”. There are: {slugs}.")


def _not_going(slug: str) -> Invalid:
    return Invalid(f"successors.{slug[:80]}", "not_removed", f"{slug[:80]} does not go, so it needs no successor.")

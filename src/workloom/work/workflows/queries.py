"""Reading workflows: statuses by word, the initial one, and whether a move is allowed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Coalesce

from workloom.core.actor import SYSTEM, Actor
from workloom.core.conditions import later
from workloom.core.errors import Invalid
from workloom.core.listing import Projection, Wanted
from workloom.core.prepared import prepared
from workloom.core.statements import sees_only_committed
from workloom.core.text import is_clean
from workloom.people.rights.rules import Right, Role
from workloom.work.projects.queries import in_projects
from workloom.work.workflows.models import Status, StatusCategory, Transition, Workflow
from workloom.work.workflows.rows import StatusRow, TransitionRow, WorkflowRow
from workloom.work.workflows.rules.moves import Facts, Move, judge_move
from workloom.work.workflows.rules.statuses import COMPLETED, DEFAULT, word_key

MOST_NAMED = 100
_NO_STATUS = UUID(int=0)


def project_statuses(project_id: UUID) -> QuerySet[Status]:
    """Return a project's statuses in their order."""
    return Status.objects.filter(project=project_id).order_by("position", "id")


def statuses_of(project_id: UUID) -> list[Status]:
    """Return a project's statuses in their order."""
    return _statuses(project_id)


@prepared
def _statuses(project: UUID) -> QuerySet[Status]:
    """With each comes whether its workflow allows every move."""
    return project_statuses(project).annotate(allows_all=F("project__workflow__allows_all"))


Edition = tuple[int, datetime]
"""A workflow's version, and when that was made: read anew by each request, they tell whether kept statuses are still the present ones."""
_kept: dict[UUID, tuple[Edition, list[Status]]] = {}
MOST_KEPT = 1000


def find_status(project_id: UUID, word: str, edition: Edition | None = None) -> Status:
    """Return the status that a slug (any case, with - or space for _) or a label names, not to be written to; raises Invalid.

    With the workflow's edition, statuses are asked for once and kept.
    """
    kept = None if edition is None else _kept_statuses(project_id, edition)
    known = _called_so(project_id, word_key(word)) if kept is None else kept
    found = named(known, word)
    if found is None:  # the word may stand for another, and the refusal names them all
        statuses = statuses_of(project_id)
        found = named(statuses, word)
    if found is None:
        allowed = [status.slug for status in statuses]
        raise Invalid(
            "status",
            "unknown_status",
            f"The project has no status “{word[:80]}”. It has: {', '.join(allowed)}.",
            allowed=allowed,
        )
    return found


def _kept_statuses(project_id: UUID, edition: Edition) -> list[Status] | None:
    """Return a project's statuses at an edition of its workflow; None where what would be read now may be undone, and so must not be kept."""
    at, statuses = _kept.get(project_id, (None, []))
    if at == edition:
        return statuses
    if not sees_only_committed():
        return None
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    statuses = statuses_of(project_id)
    _kept[project_id] = (edition, statuses)
    return statuses


@prepared
def _called_so(project: UUID, key: str) -> QuerySet[Status]:
    found = project_statuses(project).filter(Q(slug=key) | Q(label_key=key))
    return found.annotate(allows_all=F("project__workflow__allows_all"))


def named(statuses: list[Status], word: str) -> Status | None:
    """Pick the status that a word names: by slug, then by label; `completed` stands for the first one done."""
    key = word_key(word)
    by_slug = next((status for status in statuses if status.slug == key), None)
    found = by_slug or next((status for status in statuses if status.label_key == key), None)
    if found is None and key == COMPLETED:
        return next((status for status in statuses if status.category == StatusCategory.DONE), None)
    return found


def initial_status(project_id: UUID) -> Status:
    """Return the status that new tasks get."""
    [status] = _initial(project_id)
    return status


@prepared
def _initial(project: UUID) -> QuerySet[Status]:
    return Status.objects.filter(pk__in=Workflow.objects.filter(project=project).values("initial"))


def first_status(project_id: UUID, category: str) -> Status | None:
    """Return the project's first status of a category, if it has one."""
    return project_statuses(project_id).filter(category=category).first()


def status_condition(word: str, column: str = "status") -> Q:
    """Return the condition that a row's status is named by a word, whatever the project."""
    key = word_key(word)
    if not is_clean(word):
        return Q(pk__in=[])
    return later(_called, key, shape=(column, key == COMPLETED))


def _called(key: str, column: str, is_completed: bool) -> Q:  # noqa: FBT001 - shapes come by position
    matching = Q(slug=key) | Q(label_key=key)
    if is_completed:
        same_place = Status.objects.filter(matching, project=OuterRef("project"))
        matching |= Q(~Exists(same_place), category=StatusCategory.DONE)
    return Q(**{f"{column}__in": Status.objects.filter(matching).order_by().values("pk")})


def status_condition_within(project: UUID, word: str) -> Q | None:
    """Return the condition that a row has the one status that a word names in a project, as `named` picks it; None for what may be several.

    It is compared with one value, so that the index over a project's tasks by status gives them in their order.
    """
    key = word_key(word)
    return later(_is_the_one, project, key) if is_clean(word) and key != COMPLETED else None


def _is_the_one(project: UUID, key: str) -> Q:
    called = Status.objects.filter(Q(slug=key) | Q(label_key=key), project=project)
    by_slug_first = called.order_by(Case(When(slug=key, then=0), default=1), "position", "pk")
    found = Subquery(by_slug_first.values("pk")[:1])
    return Q(status=Coalesce(found, Value(_NO_STATUS, output_field=UUIDField())))


def statuses_instead_of(word: str, actor: Actor) -> list[str]:
    """Name the statuses of the actor's projects when a word means none of them; empty when it means one."""
    key, usual = word_key(word), {draft.slug for draft in DEFAULT}
    if key in usual or key == COMPLETED:
        return []
    seen = Status.objects.filter(in_projects(actor, Right.PROJECT_READ)).order_by()
    if is_clean(word) and seen.filter(Q(slug=key) | Q(label_key=key)).exists():
        return []
    return sorted(usual.union(seen.values_list("slug", flat=True).distinct()[:MOST_NAMED]))


def allowed_moves(source: Status) -> list[Move] | None:
    """Return the moves that lead away from a status; None where the workflow allows all."""
    moves = []
    for allows_all, target, roles, guards in _leaving(source.pk):
        if allows_all:
            return None
        if target is not None:
            moves.append(Move(target, tuple(roles), tuple(guards)))
    return moves


@prepared
def _leaving(status: UUID) -> QuerySet[Status, tuple[Any, ...]]:
    found = Status.objects.filter(pk=status).order_by("leaving__target__position", "leaving__target__id")
    return found.values_list(
        "project__workflow__allows_all", "leaving__target__slug", "leaving__roles", "leaving__guards"
    )


def check_move(source: Status, target: Status, *, role: Role | None, facts: Facts) -> None:
    """Raise Conflict or Forbidden unless the workflow allows a move; one query unless `statuses_of` told, `facts` are asked only by guards.

    Staying where one is is always allowed; a role of None is the system's.
    """
    if source.pk == target.pk or getattr(target, "allows_all", False):
        return
    moves = allowed_moves(source)
    if moves is not None:
        judge_move(source.slug, target.slug, moves, role=role, facts=facts)


def workflow_of(project_id: UUID) -> QuerySet[Workflow]:
    """Return a project's workflow, as a query that finds exactly one."""
    return Workflow.objects.filter(project=project_id)


def workflow_row(project_id: UUID) -> WorkflowRow:
    """Return a project's workflow as it is shown."""
    return WORKFLOWS.one(workflow_of(project_id), Wanted(SYSTEM))


def _workflow_rows(raw: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[WorkflowRow]:
    projects = [line[0] for line in raw]
    statuses: dict[UUID, list[StatusRow]] = {project: [] for project in projects}
    found = Status.objects.filter(project__in=projects).order_by("position", "id")
    for project, *values in found.values_list("project", *StatusRow.__struct_fields__):
        statuses[project].append(StatusRow(*values))
    moves: dict[UUID, list[TransitionRow]] = {project: [] for project in projects}
    if not all(line[2] for line in raw):
        for project, *values in _transitions(projects):
            moves[project].append(TransitionRow(*values))
    return [
        WorkflowRow(project, statuses[project], initial, "all" if allows_all else moves[project], version, updated_at)
        for project, initial, allows_all, version, updated_at in raw
    ]


def _transitions(projects: Sequence[UUID]) -> QuerySet[Transition, tuple[Any, ...]]:
    found = Transition.objects.filter(project__in=projects)
    ordered = found.order_by("source__position", "source__id", "target__position", "target__id")
    return ordered.values_list("project", "source__slug", "target__slug", "roles", "guards")


WORKFLOWS = Projection(
    row=WorkflowRow,
    columns=("project", "initial__slug", "allows_all", "version", "updated_at"),
    build=_workflow_rows,
)

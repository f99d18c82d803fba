"""From what a body says to what the database holds: statuses, boards, labels, people, parents."""

from typing import Any
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.db import lock
from workloom.core.errors import FieldError, Invalid
from workloom.core.prepared import Question
from workloom.people.rights.rules import Rights
from workloom.work.boards.models import Board
from workloom.work.boards.queries import asking_first_board, first_board
from workloom.work.labels.models import Category
from workloom.work.labels.queries import asking_labels_usable_in, labels_usable_in, usable_categories
from workloom.work.projects.models import Project
from workloom.work.projects.queries import asking_people_in
from workloom.work.tasks.actions.create import asking_end
from workloom.work.tasks.actions.people import admit
from workloom.work.tasks.actions.wanted import NewTask
from workloom.work.tasks.models import Priority, Task
from workloom.work.tasks.queries.named import find_task
from workloom.work.tasks.rules import Due, TaskInput, given, next_due
from workloom.work.workflows.models import Status
from workloom.work.workflows.queries import find_status, first_status, initial_status


def new_task(project: Project, wanted: TaskInput, *, rights: Rights, actor: Actor) -> NewTask:
    """Look up everything that a new task names; raises Invalid for what is not there."""
    board = board_of(project, wanted.board) if wanted.board else first_board(project.id)
    due = next_due(Due(), wanted.due_date, wanted.due_at, actor.zone)
    assignees = given(wanted.assignees, None)
    if assignees is None:
        assignees = (project.default_assignee_id,) if project.default_assignee_id else ()
    reporter = given(wanted.reporter, actor.person)
    admit(project, assignees, field="assignees", rights=rights, actor=actor)
    if reporter != actor.id:
        admit(project, [reporter], field="reporter", rights=rights, actor=actor)
    return NewTask(
        id=given(wanted.id, None),
        title=str(wanted.title),
        description=given(wanted.description, ""),
        status=first_status_of(project, wanted, board),
        board=board,
        priority=given(wanted.priority, Priority.MEDIUM),
        category=category_of(project, given(wanted.category, None)),
        labels=labels_of(project, given(wanted.labels, ())),
        assignees=assignees,
        reporter=reporter,
        parent=parent_of(project, given(wanted.parent, None), actor),
        start_date=given(wanted.start_date, None),
        due_date=due.day,
        due_at=due.at,
        estimate=given(wanted.estimate, None),
        is_archived=wanted.is_archived is True,
    )


def questions_about(project: UUID, wanted: TaskInput) -> list[Question]:
    """Return what `new_task` and `create_tasks` are going to ask of nearly every new task."""
    assignees, labels = given(wanted.assignees, ()), given(wanted.labels, ())
    return [
        asking_end(project),
        *([] if wanted.board else [asking_first_board(project)]),
        *([asking_people_in(project, assignees)] if assignees else []),
        *([asking_labels_usable_in(project, labels)] if labels else []),
    ]


def first_status_of(project: Project, wanted: TaskInput, board: Board) -> Status:
    """Return the status a new task begins in; the initial one came with the project's first board."""
    status = find_status(project.id, wanted.status) if isinstance(wanted.status, str) else None
    if wanted.is_completed is True and (status is None or status.category != "done"):
        if status is not None:
            raise contradiction()
        return done_status(project)
    if wanted.is_completed is False and status is not None and status.category == "done":
        raise contradiction()
    return status or board.project.workflow.initial or initial_status(project.id)


def contradiction() -> Invalid:
    """Return the refusal of a body whose status and is_completed differ."""
    detail = "status and is_completed contradict each other. Send one of them."
    return Invalid.many([FieldError(name, "contradiction", detail) for name in ("status", "is_completed")])


def done_status(project: Project) -> Status:
    """Return the first status of category done; raises Invalid where a workflow has none."""
    status = first_status(project.id, "done")
    if status is None:
        raise Invalid("is_completed", "no_done_status", "This project's workflow has no status of the category done.")
    return status


def board_of(project: Project, board_id: Any) -> Board:
    """Return a board of the project; raises Invalid."""
    board = Board.objects.filter(pk=board_id, project=project).first()
    if board is None:
        raise Invalid("board", "unknown_board", "There is no such board in this project.")
    return board


def category_of(project: Project, category_id: UUID | None) -> Category | None:
    """Return a category usable in the project; raises Invalid."""
    if category_id is None:
        return None
    category = usable_categories(project).filter(pk=category_id).first()
    if category is None:
        raise Invalid("category", "unknown_category", "There is no such category for this project.")
    return category


def labels_of(project: Project, labels: tuple[UUID, ...]) -> tuple[UUID, ...]:
    """Return the labels, all usable in the project; raises Invalid naming those that are not."""
    if not labels:
        return ()
    known = labels_usable_in(project, labels)
    unknown = [label for label in labels if label not in known]
    if unknown:
        raise Invalid.many(
            [FieldError("labels", "unknown_label", f"There is no label {label} for this project.") for label in unknown]
        )
    return labels


def parent_of(project: Project, reference: str | None, actor: Actor, child: Task | None = None) -> Task | None:
    """Return the parent named; raises Invalid for one of another project, or below the task itself.

    Who changes parents holds the project's lock, or two at once could hang tasks below each other.
    """
    if reference is None:
        return None
    lock(Project.objects.filter(pk=project.id)).get()
    parent = find_task(actor, reference, "parent")
    if parent.project_id != project.id:
        raise Invalid("parent", "other_project", "A parent must be in the same project.")
    above: Task | None = parent
    for _ in range(100):
        if above is None:
            return parent
        if child is not None and above.id == child.id:
            raise Invalid("parent", "cycle", "A task cannot be below itself.")
        above = Task.objects.filter(pk=above.parent_id).first() if above.parent_id else None
    raise Invalid("parent", "too_deep", "Tasks can be nested at most 100 deep.")

"""One verb on one task as a door does it: find by right, look up, act. Single calls and bulk share these."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET

from workloom.core.actor import Actor
from workloom.core.db import may_ask_before_lock, may_go_unlocked
from workloom.core.errors import Conflict, Forbidden, Invalid, Missing
from workloom.core.ids import NOBODY
from workloom.core.listing import Wanted
from workloom.core.prepared import Question, asked_together
from workloom.people.rights.rules import Right, project_role
from workloom.work.boards.models import Board, Column
from workloom.work.projects.access import access_project, asking_project, rights_on
from workloom.work.projects.actions import ensure_home
from workloom.work.projects.models import Project
from workloom.work.projects.queries import asking_version_of, version_of
from workloom.work.tasks.access import access_task, demand_among, demand_removal, lock_task, rights_on_task, role_on
from workloom.work.tasks.actions import create_tasks, edit_task, move_task, move_to_project
from workloom.work.tasks.actions.move import Place
from workloom.work.tasks.actions.resolve import new_task, questions_about
from workloom.work.tasks.actions.wanted import NewTask
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.named import find_task
from workloom.work.tasks.queries.projection import TASKS
from workloom.work.tasks.rows import TaskRow
from workloom.work.tasks.rules import TaskInput, right_to_edit
from workloom.work.tasks.serializers import MoveInput
from workloom.work.workflows.models import Status
from workloom.work.workflows.queries import find_status

SEEN = Right.TASK_READ_OWN
ONE_ROW = {"status", "is_completed", "priority", "start_date", "due_date", "due_at", "estimate", "is_archived"}
"""Changes of these write the task's own row before any other: that it has not changed is told by that write."""


def row_of(task: Task, actor: Actor) -> TaskRow:
    """Read a task as it is now."""
    return TASKS.one(Task.objects.filter(pk=task.id), Wanted(actor))


def do_create(wanted: TaskInput, actor: Actor, *further: Right, is_among_others: bool = False) -> Task:
    """Make one task where the body says: in its project, its board's, or the Inbox.

    Among others, whose failures are told one by one, nothing is asked before the lock is had, as in `do_edit`.
    """
    with asked_together([] if is_among_others else _asked_with_lock(wanted, actor)) as is_asked:
        project = project_for(wanted, actor)
        if is_asked and version_of(project.id) == project.version:
            return _created(project, wanted, actor, further)
    if is_asked:  # it was changed while its lock was waited for, and perhaps who is in it
        project = project_for(wanted, actor)
    with asked_together(questions_about(project.id, wanted)):
        return _created(project, wanted, actor, further)


def _asked_with_lock(wanted: TaskInput, actor: Actor) -> list[Question]:
    """Return all that is asked of a new task that names its project, and which version of that the answers are of.

    They are of the moment before the lock is had, so they count only if that is the version that is locked. Places in
    the order and boards raise none: who breaks a rule of the tables by them does it all again, the lock first.
    """
    if wanted.project is UNSET or wanted.board is not UNSET or not may_ask_before_lock():
        return []
    project: Any = wanted.project
    return [asking_project(actor, project), asking_version_of(project), *questions_about(project, wanted)]


def _created(project: Project, wanted: TaskInput, actor: Actor, further: Sequence[Right]) -> Task:
    [task] = create_tasks(project, [planned(project, wanted, actor, *further)], actor=actor)
    return task


def planned(project: Project, wanted: TaskInput, actor: Actor, *further: Right) -> NewTask:
    """Look up what a new task names, in a locked project; raises Forbidden, Conflict or Invalid."""
    rights = rights_on(actor, project.id, project)
    needed = [*further, *([Right.TASK_ARCHIVE] if wanted.is_archived is True else [])]
    for right in needed:
        if right not in rights:
            raise Forbidden(
                detail=f"This needs the right {right}, which your role or token does not have here.", needs=str(right)
            )
    if wanted.id is not UNSET and Task.objects.filter(pk=wanted.id).exists():
        raise Conflict("id_taken", "This id is taken. Make a new one.")
    return new_task(project, wanted, rights=rights, actor=actor)


def do_edit(
    reference: str,
    read: Callable[[Task], TaskInput],
    actor: Actor,
    *further: Right,
    guard: Callable[[Task, TaskInput], None] | None = None,
    is_among_others: bool = False,
) -> Task:
    """Change one task; `read` parses the body once the task is found, `guard` honours If-Match.

    Among others, whose failures are told one by one, it is locked at once: done again would be all of them.
    """
    is_unlocked = not is_among_others and may_go_unlocked()
    task = access_task(actor, reference, SEEN, *further, lock=not is_unlocked)
    wanted = read(task)
    sent = wanted.sent
    if is_unlocked and sent <= ONE_ROW:
        task.must_be_at = task.version
    elif is_unlocked:
        found, task = task, lock_task(actor, task)
        wanted = wanted if task is found else read(task)
    rights, role = rights_on_task(actor, task), role_on(actor, task)
    archives = wanted.is_archived not in (UNSET, task.is_archived)
    demand_among(rights, [right_to_edit(sent), *([Right.TASK_ARCHIVE] if archives else [])])
    if wanted.reporter not in (UNSET, task.reporter_id):
        demand_among(rights, [Right.TASK_DELETE])  # who reports a task may delete it
    if guard is not None:
        guard(task, wanted)
    target = _other_project(task, wanted, actor)
    if target is not None:
        demand_removal(actor, task)
        rights, role = rights_on(actor, target.id, target), project_role(actor, *_roles(target))
        task = move_to_project(task, target, rights=rights, actor=actor)
    return edit_task(task, wanted, rights=rights, role=role, actor=actor)


def do_move(reference: str, wanted: MoveInput, actor: Actor, *further: Right) -> Task:
    """Put one task beside another, into a column or a status, or both."""
    task = access_task(actor, reference, Right.TASK_MOVE, *further, lock=True)
    if wanted == MoveInput():
        raise Invalid("", "required", "Send column or status, after or before.")
    if wanted.after and wanted.before:
        raise Invalid("before", "contradiction", "Send after or before, not both.")
    return move_task(
        task,
        status=_wanted_status(task, wanted),
        place=_wanted_place(wanted, actor),
        role=role_on(actor, task),
        actor=actor,
    )


def _wanted_place(wanted: MoveInput, actor: Actor) -> Place | None:
    if wanted.after:
        return Place(find_task(actor, wanted.after, "after"), behind=True)
    return Place(find_task(actor, wanted.before, "before"), behind=False) if wanted.before else None


def _wanted_status(task: Task, wanted: MoveInput) -> Status | None:
    named = find_status(task.project_id, wanted.status, task.workflow_edition) if wanted.status else None
    if wanted.column is None:
        return named
    column = Column.objects.filter(pk=wanted.column, board=task.board_id).first()
    if column is None:
        raise Invalid("column", "unknown_column", "There is no such column on the task's board.")
    statuses = [placed.status for placed in column.placed.select_related("status")]
    if named is not None:
        if named not in statuses:
            raise Invalid("status", "contradiction", "This column does not show that status. Send one of the two.")
        return named
    if not statuses:
        raise Invalid("column", "empty_column", "This column shows no status, so nothing can be moved into it.")
    return None if any(status.id == task.status_id for status in statuses) else statuses[0]


def project_for(wanted: TaskInput, actor: Actor) -> Project:
    """Return the project that a new task goes to, locked; raises Invalid or Forbidden."""
    board = (
        Board.objects.filter(pk=wanted.board).values_list("project_id", flat=True).first()
        if wanted.board is not UNSET
        else None
    )
    if wanted.project is not UNSET:
        if wanted.board is not UNSET and board != wanted.project:
            raise Invalid("board", "unknown_board", "There is no such board in this project.")
        return _seen_project(wanted.project, "project", actor)
    if wanted.board is not UNSET:
        return _seen_project(board or NOBODY, "board", actor)
    return access_project(actor, ensure_home(actor).pk, Right.TASK_CREATE, lock=True)


def _other_project(task: Task, wanted: TaskInput, actor: Actor) -> Project | None:
    """Return the project that a body moves the task to, locked; None when it stays."""
    project_id: Any = wanted.project
    if project_id is UNSET and wanted.board is not UNSET and wanted.board != task.board_id:
        project_id = Board.objects.filter(pk=str(wanted.board)).values_list("project_id", flat=True).first()
        if project_id is None:
            raise Invalid("board", "unknown_board", "There is no such board that you may see.")
    if project_id is UNSET or project_id == task.project_id:
        return None
    return _seen_project(project_id, "project" if wanted.project is not UNSET else "board", actor)


def _seen_project(project_id: Any, field: str, actor: Actor) -> Project:
    """Return a project that a body names; unseen ones are an error of the field, seen ones may still be forbidden."""
    try:
        return access_project(actor, project_id, Right.TASK_CREATE, lock=True)
    except Missing as error:
        raise Invalid(field, f"unknown_{field}", f"There is no such {field} that you may see.") from error


def _roles(row: Any) -> tuple[str | None, str | None]:
    return row.member_role, row.workspace_role

"""Changing a task: every field that differs becomes part of one new version and of the log."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from msgspec import UNSET

from workloom.core import seams
from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.rows import update_held
from workloom.core.statements import Stale
from workloom.events.queries import last_value
from workloom.events.record import record_many
from workloom.people.rights.rules import Rights, Role
from workloom.work.tasks.actions import resolve
from workloom.work.tasks.actions.breaches import first_look
from workloom.work.tasks.actions.indexing import INDEXED, index_tasks, mark_tasks
from workloom.work.tasks.actions.people import admit
from workloom.work.tasks.actions.recording import events_of
from workloom.work.tasks.actions.relations import reparent, replace_assignees, replace_labels
from workloom.work.tasks.models import Assignment, Task, TaskLabel
from workloom.work.tasks.rules import CLOSED, PRIORITY_NAMES, STARTED, Due, TaskInput, next_due
from workloom.work.workflows.models import Status
from workloom.work.workflows.queries import check_move, find_status, initial_status

Changes = dict[str, tuple[Any, Any]]
_PLAIN = ("title", "description", "start_date", "estimate", "is_archived")


@write
def edit_task(task: Task, wanted: TaskInput, *, rights: Rights, role: Role | None, actor: Actor) -> Task:
    """Write the fields that were sent and differ; nothing at all when none does. The task's row must be locked."""
    changes = _set_plain(task, wanted)
    changes |= _set_due(task, wanted, actor)
    changes |= _set_relations(task, wanted, rights=rights, actor=actor)
    target = wanted_status(task, wanted)
    if target is not None:
        changes |= change_status(task, target, role=role)
    return save_changes(task, changes, actor=actor)


def save_changes(task: Task, changes: Mapping[str, tuple[Any, Any]], *, actor: Actor) -> Task:
    """Store a task whose attributes were set, as one version with its events; no changes, no version. Raises Stale for one that was not locked."""
    if not changes:
        return task
    task.version += 1
    task.updated_at = now()
    task.breach_watch = first_look(task)
    update_held(task, [*_columns(changes), "version", "updated_at"], if_version=task.must_be_at)
    task.must_be_at = None
    if INDEXED & set(changes):
        index_tasks([task])
    record_many(events_of(task, changes), actor=actor)
    return task


def _columns(changes: Mapping[str, Any]) -> list[str]:
    """Name the columns behind changed fields: those of other tables have none here."""
    columns = {
        "status": ["status", "status_category", "started_at", "completed_at", "breach_watch"],
        "due_date": ["due_date", "due_at", "breach_watch"],
        "due_at": ["due_date", "due_at", "breach_watch"],
        "is_archived": ["is_archived", "breach_watch"],
        "project": ["project", "breach_watch"],
        "labels": [],
        "assignees": [],
        "key": ["number"],
    }
    return list(dict.fromkeys(column for name in changes for column in columns.get(name, [name])))


def _set_plain(task: Task, wanted: TaskInput) -> Changes:
    changes: Changes = {}
    for name in _PLAIN:
        value = getattr(wanted, name)
        if value is not UNSET and value != getattr(task, name):
            changes[name] = (getattr(task, name), value)
            setattr(task, name, value)
    if wanted.priority is not UNSET and wanted.priority != task.priority:
        changes["priority"] = (PRIORITY_NAMES[task.priority], PRIORITY_NAMES[int(wanted.priority)])
        task.priority = int(wanted.priority)
    return changes


def _set_due(task: Task, wanted: TaskInput, actor: Actor) -> Changes:
    old = Due(task.due_date, task.due_at)
    due = next_due(old, wanted.due_date, wanted.due_at, actor.zone)
    task.due_date, task.due_at = due.day, due.at
    pairs = {"due_date": (old.day, due.day), "due_at": (old.at, due.at)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _set_relations(task: Task, wanted: TaskInput, *, rights: Rights, actor: Actor) -> Changes:
    project, changes = task.project, Changes()
    if wanted.board is not UNSET and wanted.board != task.board_id:
        board = resolve.board_of(project, wanted.board)
        changes["board"] = (task.board_id, board.pk)
        task.board = board
    if wanted.category is not UNSET and wanted.category != task.category_id:
        category = resolve.category_of(project, wanted.category)
        changes["category"] = (task.category_id, category.pk if category else None)
        task.category = category
    if wanted.reporter is not UNSET and wanted.reporter != task.reporter_id:
        admit(project, [wanted.reporter], field="reporter", rights=rights, actor=actor)
        changes["reporter"] = (task.reporter_id, wanted.reporter)
        task.reporter_id = wanted.reporter
    if wanted.parent is not UNSET:
        parent = resolve.parent_of(project, wanted.parent, actor, child=task)
        changes |= reparent(task, parent)
    if wanted.labels is not UNSET:
        changes |= _set_labels(task, wanted.labels)
    if wanted.assignees is not UNSET:
        changes |= set_assignees(task, wanted.assignees, rights=rights, actor=actor)
    return changes


def _set_labels(task: Task, labels: tuple[Any, ...]) -> Changes:
    old = tuple(TaskLabel.objects.filter(task=task).order_by("pk").values_list("label_id", flat=True))
    if set(old) == set(labels):
        return {}
    resolve.labels_of(task.project, tuple(label for label in labels if label not in old))
    replace_labels(task, old, labels)
    return {"labels": (list(old), list(labels))}


def set_assignees(task: Task, people: tuple[Any, ...], *, rights: Rights, actor: Actor) -> Changes:
    """Put exactly these people on the task; raises Invalid for outsiders that the actor may not let in."""
    old = tuple(Assignment.objects.filter(task=task).order_by("pk").values_list("user_id", flat=True))
    if set(old) == set(people):
        return {}
    admit(
        task.project, [person for person in people if person not in old], field="assignees", rights=rights, actor=actor
    )
    replace_assignees(task, old, people)
    return {"assignees": (list(old), list(people))}


def wanted_status(task: Task, wanted: TaskInput) -> Status | None:
    """Return the status that a write of `status` or `is_completed` leads to; None when neither asks for one."""
    is_done = task.status_category == "done"
    if wanted.status is not UNSET:
        status = find_status(task.project_id, str(wanted.status), task.workflow_edition)
        if wanted.is_completed not in (UNSET, is_done, status.category == "done"):
            raise resolve.contradiction()
        return status
    if wanted.is_completed is UNSET or wanted.is_completed == is_done:
        return None
    return resolve.done_status(task.project) if wanted.is_completed else last_open_status(task)


def last_open_status(task: Task) -> Status:
    """Return the status that a task last had before it was done, as the log tells; else the initial one."""
    open_slugs = set(
        Status.objects.filter(project=task.project_id).exclude(category="done").values_list("slug", flat=True)
    )
    slug = last_value(task.pk, "status", lambda old: old in open_slugs)
    found = Status.objects.filter(project=task.project_id, slug=slug).first() if slug else None
    return found or initial_status(task.project_id)


def change_status(task: Task, target: Status, *, role: Role | None) -> Changes:
    """Set another status if the workflow, the role and the guards allow it; raises Conflict or Forbidden."""
    if target.pk == task.status_id:
        return {}
    old = task.status
    check_move(old, target, role=role, facts=facts_of(task))
    set_status(task, target)
    return {"status": (old.slug, target.slug)}


def set_status(task: Task, target: Status) -> None:
    """Set a status, the times that hang on its category, and whether the search takes the task for open."""
    moment, was_done, was_closed = now(), task.status_category == "done", task.status_category in CLOSED
    task.status, task.status_category = target, target.category
    if target.category in STARTED and task.started_at is None:
        task.started_at = moment
    if target.category != "done":
        task.completed_at = None
    elif not was_done:
        task.completed_at = moment
    if was_closed is not (target.category in CLOSED):
        mark_tasks([task])


def facts_of(task: Task) -> Mapping[str, Callable[[], bool]]:
    """Return what guards ask about a task, each looked up only when asked; what the task's lock protects beside its row raises Stale without it."""

    def locked(ask: Callable[[], bool]) -> Callable[[], bool]:
        def asked() -> bool:
            if task.must_be_at is not None:
                raise Stale("A guard asks for more than the task's own row.")
            return ask()

        return asked

    return {
        "assignee_set": locked(lambda: Assignment.objects.filter(task=task).exists()),
        "due_date_set": lambda: task.due_date is not None,
        "estimate_set": lambda: task.estimate is not None,
        "description_set": lambda: bool(task.description),
        "subtasks_done": locked(lambda: not _open_subtasks(task).exists()),
        "checklists_done": locked(lambda: seams.holds("checklists_done", task)),
        "blockers_done": locked(lambda: seams.holds("blockers_done", task)),
    }


def _open_subtasks(task: Task) -> QuerySet[Task]:
    return Task.objects.filter(parent=task, trashed_at__isnull=True).exclude(status_category__in=CLOSED)

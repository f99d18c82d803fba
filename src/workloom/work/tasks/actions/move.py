"""Where a task stands: its place in the order, its column, its project."""

from dataclasses import dataclass, replace

from django.db.models import F

from workloom.core import rank, seams
from workloom.core.actor import SYSTEM, Actor
from workloom.core.db import lock, write
from workloom.core.errors import Invalid
from workloom.events.record import record
from workloom.people.rights.rules import Rights, Role
from workloom.work.boards.queries import first_board
from workloom.work.labels.queries import labels_usable_in, usable_categories
from workloom.work.projects.actions.numbers import count_tasks, take_numbers
from workloom.work.projects.models import Project
from workloom.work.tasks.actions.create import last_rank
from workloom.work.tasks.actions.edit import Changes, change_status, save_changes, set_assignees, set_status
from workloom.work.tasks.actions.recording import task_event
from workloom.work.tasks.actions.relations import count_subtasks, replace_labels
from workloom.work.tasks.events import TaskLeft, TasksRespaced
from workloom.work.tasks.models import Assignment, FormerTaskKey, Task, TaskLabel
from workloom.work.tasks.queries.families import tasks_below
from workloom.work.workflows.models import Status
from workloom.work.workflows.queries import first_status, initial_status

LONGEST_RANK = 150


@dataclass(frozen=True, slots=True)
class Place:
    """Behind a neighbour, or in front of it."""

    neighbour: Task
    behind: bool


@write
def move_task(task: Task, *, status: Status | None, place: Place | None, role: Role | None, actor: Actor) -> Task:
    """Put a task behind or in front of another one, into a status, or both. The task's row must be locked."""
    changes: Changes = change_status(task, status, role=role) if status else {}
    if place is not None:
        changes |= place_task(task, place)
    return save_changes(task, changes, actor=actor)


def place_task(task: Task, place: Place) -> Changes:
    """Give a task a rank beside its neighbour, under the project's lock, so that any number of movers end in one order."""
    project = lock(Project.objects.filter(pk=task.project_id)).get()
    if place.neighbour.pk == task.pk:
        return {}
    low, high = _gap(task, place)
    if max(len(low or ""), len(high or "")) > LONGEST_RANK:
        spread_ranks(project)
        low, high = _gap(task, place)
    now_at = Task.objects.filter(pk=task.pk).values_list("rank", flat=True).get()
    if (low is None or low < now_at) and (high is None or now_at < high):
        return {}
    task.rank = rank.between(low, high)
    return {"rank": (now_at, task.rank)}


def _gap(task: Task, place: Place) -> tuple[str | None, str | None]:
    """Return the ranks on both sides of the wanted place, the task itself not counted."""
    others = Task.objects.filter(project=task.project_id).exclude(pk=task.pk)
    beside = others.filter(pk=place.neighbour.pk).values_list("rank", flat=True).first()
    if beside is None:
        raise Invalid(
            "after" if place.behind else "before",
            "other_project",
            "The neighbour must be another task of the same project.",
        )
    if place.behind:
        return beside, others.filter(rank__gt=beside).order_by("rank").values_list("rank", flat=True).first()
    return others.filter(rank__lt=beside).order_by("-rank").values_list("rank", flat=True).first(), beside


def spread_ranks(project: Project) -> None:
    """Give a project's tasks short ranks again in the order they have; the project must be locked."""
    tasks = list(Task.objects.filter(project=project).order_by("rank").only("pk", "rank"))
    for prefix in ("~", ""):
        for task, place in zip(tasks, rank.spread(len(tasks)), strict=True):
            task.rank = prefix + place
        Task.objects.bulk_update(tasks, ["rank"], batch_size=500)
    Task.objects.filter(project=project).update(version=F("version") + 1)
    respaced = TasksRespaced(
        object_id=project.pk,
        key=project.key,
        version=project.version,
        workspace=project.workspace_id,
        project=project.pk,
    )
    record(respaced, actor=SYSTEM)


@write
def move_to_project(task: Task, target: Project, *, rights: Rights, actor: Actor) -> Task:
    """Take a task with its subtasks to another project: a new number there, the old key still finds it.

    The target's row must be locked. What the target does not know (labels, category) stays behind and is named in the log.
    """
    lock(Project.objects.filter(pk=task.project_id)).get()
    old_parent = task.parent_id
    for at, moved in enumerate([task, *tasks_below(task.pk)]):
        left = task_event(TaskLeft, moved, {"key": (f"{moved.project.key}-{moved.number}", None)})
        record(replace(left, subject=None), actor=actor)
        changes = _resettle(moved, target)
        if at == 0 and old_parent:
            count_subtasks(old_parent, -1)
            moved.parent = None
            changes["parent"] = (old_parent, None)
        people = tuple(Assignment.objects.filter(task=moved).order_by("pk").values_list("user_id", flat=True))
        Assignment.objects.filter(task=moved).delete()
        set_assignees(moved, people, rights=rights, actor=actor)
        _save_resettled(moved, changes, actor)
        seams.call("task_resettled", moved, actor=actor)
        if at == 0:
            task = moved
    return task


def _resettle(task: Task, target: Project) -> Changes:
    source, old_key = task.project, f"{task.project.key}-{task.number}"
    FormerTaskKey.objects.create(task=task, project=source, number=task.number)
    if task.trashed_at is None:
        count_tasks(source, -1)
        count_tasks(target, 1)
    status = _matching_status(task.status, target)
    labels = tuple(TaskLabel.objects.filter(task=task).values_list("label_id", flat=True))
    usable = labels_usable_in(target, labels)
    kept = tuple(label for label in labels if label in usable)
    replace_labels(task, labels, kept)
    changes: Changes = (
        {"project": (source.pk, target.pk), "labels": (list(labels), list(kept))}
        if set(labels) != set(kept)
        else {"project": (source.pk, target.pk)}
    )
    if status.slug != task.status.slug:
        changes["status"] = (task.status.slug, status.slug)
    set_status(task, status)
    if task.category_id and not usable_categories(target).filter(pk=task.category_id).exists():
        changes["category"] = (task.category_id, None)
        task.category = None
    board = first_board(target.pk)
    changes["board"] = (task.board_id, board.pk)
    task.project, task.board, task.workflow_version = target, board, None
    task.number, task.rank = take_numbers(target, 1), rank.between(last_rank(target), None)
    changes["key"] = (old_key, f"{target.key}-{task.number}")
    return changes


def _matching_status(status: Status, target: Project) -> Status:
    same = Status.objects.filter(project=target, slug=status.slug, category=status.category).first()
    return same or first_status(target.pk, status.category) or initial_status(target.pk)


def _save_resettled(task: Task, changes: Changes, actor: Actor) -> None:
    place = ("project", "board", "number", "rank", "parent", "category")
    task.save(update_fields=[*place, "status", "status_category", "started_at", "completed_at"])
    save_changes(task, changes, actor=actor)

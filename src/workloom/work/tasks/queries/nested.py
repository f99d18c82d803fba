"""What hangs on the tasks of a page, each in one query however many tasks there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from workloom.core.actor import Actor
from workloom.work.boards.models import Board
from workloom.work.boards.rows import BoardBrief
from workloom.work.labels.models import Category, Label
from workloom.work.labels.rows import CategoryBrief, LabelBrief
from workloom.work.projects.models import Project
from workloom.work.projects.rows import ProjectBrief
from workloom.work.tasks.models import Assignment, TaskLabel
from workloom.work.tasks.queries.visible import live_tasks, visible_tasks
from workloom.work.tasks.rows import TaskBrief

ByTask = dict[UUID, list[UUID]]


def assignees_of(tasks: Sequence[UUID]) -> ByTask:
    """Return each task's assignees in the order named."""
    found: ByTask = defaultdict(list)
    for task, user in Assignment.objects.filter(task__in=tasks).order_by("pk").values_list("task_id", "user_id"):
        found[task].append(user)
    return found


def labels_of(tasks: Sequence[UUID]) -> ByTask:
    """Return each task's labels in the order put on."""
    found: ByTask = defaultdict(list)
    for task, label in TaskLabel.objects.filter(task__in=tasks).order_by("pk").values_list("task_id", "label_id"):
        found[task].append(label)
    return found


def label_briefs(labels: Iterable[UUID]) -> dict[UUID, LabelBrief]:
    """Return labels by id."""
    return {
        row[0]: LabelBrief(*row) for row in Label.objects.filter(pk__in=set(labels)).values_list("pk", "name", "colour")
    }


def category_briefs(categories: Iterable[UUID]) -> dict[UUID, CategoryBrief]:
    """Return categories by id."""
    return {
        row[0]: CategoryBrief(*row)
        for row in Category.objects.filter(pk__in=set(categories)).values_list("pk", "name", "colour")
    }


def project_briefs(projects: Iterable[UUID]) -> dict[UUID, ProjectBrief]:
    """Return projects by id."""
    return {
        row[0]: ProjectBrief(*row)
        for row in Project.objects.filter(pk__in=set(projects)).values_list("pk", "key", "name")
    }


def board_briefs(boards: Iterable[UUID]) -> dict[UUID, BoardBrief]:
    """Return boards by id."""
    return {row[0]: BoardBrief(*row) for row in Board.objects.filter(pk__in=set(boards)).values_list("pk", "name")}


def unseen_tasks(actor: Actor, tasks: Iterable[UUID]) -> set[UUID]:
    """Return those of these tasks that the actor may not see."""
    named = set(tasks)
    return named - set(visible_tasks(actor).filter(pk__in=named).values_list("pk", flat=True))


def task_briefs(actor: Actor, tasks: Iterable[UUID]) -> dict[UUID, TaskBrief]:
    """Return tasks by id, as far as the actor may see them."""
    found = (
        live_tasks(actor).filter(pk__in=set(tasks)).values_list("pk", "project__key", "number", "title", "status__slug")
    )
    return {row[0]: TaskBrief(row[0], f"{row[1]}-{row[2]}", row[3], row[4]) for row in found}

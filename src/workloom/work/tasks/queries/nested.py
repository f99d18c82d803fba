"""What hangs on the tasks of a page, each in one query however many tasks there are."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.prepared import Question, prepared
from workloom.work.boards.models import Board
from workloom.work.boards.rows import BoardBrief
from workloom.work.labels.models import Category, Label
from workloom.work.labels.rows import CategoryBrief, LabelBrief
from workloom.work.projects.models import Project
from workloom.work.projects.rows import ProjectBrief
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.visible import live_tasks, seen
from workloom.work.tasks.rows import TaskBrief

_LABEL = ("pk", "name", "colour")


def label_briefs(labels: Iterable[UUID]) -> dict[UUID, LabelBrief]:
    """Return labels by id."""
    return {row[0]: LabelBrief(*row) for row in _named(list(labels), model=Label, columns=_LABEL)}


def asking_label_briefs(labels: Iterable[UUID]) -> Question:
    """Return what `label_briefs` asks of some, for `asked_together`."""
    return _stored.asking(list(labels), model=Label, columns=_LABEL)


def category_briefs(categories: Iterable[UUID]) -> dict[UUID, CategoryBrief]:
    """Return categories by id."""
    found = _named(list(categories), model=Category, columns=("pk", "name", "colour"))
    return {row[0]: CategoryBrief(*row) for row in found}


def project_briefs(projects: Iterable[UUID]) -> dict[UUID, ProjectBrief]:
    """Return projects by id."""
    return {row[0]: ProjectBrief(*row) for row in _named(list(projects), model=Project, columns=("pk", "key", "name"))}


def board_briefs(boards: Iterable[UUID]) -> dict[UUID, BoardBrief]:
    """Return boards by id."""
    return {row[0]: BoardBrief(*row) for row in _named(list(boards), model=Board, columns=("pk", "name"))}


def _named(ids: list[UUID], *, model: type[Model], columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return _stored(ids, model=model, columns=columns) if ids else []


@prepared
def _stored(ids: list[UUID], *, model: type[Model], columns: tuple[str, ...]) -> QuerySet[Any, tuple[Any, ...]]:
    return model._default_manager.filter(pk__in=ids).values_list(*columns)  # noqa: SLF001 - Django's documented name for a model's rows


def unseen_tasks(actor: Actor, tasks: Iterable[UUID]) -> set[UUID]:
    """Return those of these tasks that the actor may not see."""
    named = set(tasks)
    return named - set(_seen(seen(actor), list(named)))


@prepared
def _seen(condition: Q, tasks: list[UUID]) -> QuerySet[Task, UUID]:
    return Task.objects.filter(condition, pk__in=tasks).values_list("pk", flat=True)


def task_briefs(actor: Actor, tasks: Iterable[UUID]) -> dict[UUID, TaskBrief]:
    """Return tasks by id, as far as the actor may see them."""
    found = (
        live_tasks(actor).filter(pk__in=set(tasks)).values_list("pk", "project__key", "number", "title", "status__slug")
    )
    return {row[0]: TaskBrief(row[0], f"{row[1]}-{row[2]}", row[3], row[4]) for row in found}

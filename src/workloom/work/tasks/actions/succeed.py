"""What tasks do when something below them goes: see config/seams.py."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict
from workloom.events.record import record_many
from workloom.work.boards.models import Board
from workloom.work.labels.models import Category, Label
from workloom.work.projects.models import Project
from workloom.work.tasks.actions.breaches import first_look
from workloom.work.tasks.actions.edit import set_status
from workloom.work.tasks.actions.indexing import mark_tasks, reindex_project
from workloom.work.tasks.actions.recording import events_of
from workloom.work.tasks.models import Task
from workloom.work.workflows.models import Status

BATCH = 500


@write
def move_out_of_status(status: Status, successor: Status | None, *, actor: Actor) -> None:
    """Give a status's tasks its successor; raises Conflict when there are tasks and no successor."""
    tasks = Task.objects.filter(status=status).select_related("project", "status")
    if successor is None:
        if tasks.exists():
            raise Conflict(
                "status_in_use",
                f"The status {status.slug} has tasks. Name a successor for them.",
                status_slug=status.slug,
            )
        return
    for batch in _batches(tasks):
        for task in batch:
            set_status(task, successor)
        _save(
            batch,
            ["status", "status_category", "started_at", "completed_at"],
            {"status": (status.slug, successor.slug)},
            actor,
        )
        mark_tasks(batch)


@write
def follow_status_category(status: Status, *, actor: Actor) -> None:
    """Repeat a status's new category on its tasks."""
    for batch in _batches(
        Task.objects.filter(status=status).exclude(status_category=status.category).select_related("project", "status")
    ):
        old = batch[0].status_category
        for task in batch:
            set_status(task, status)
        _save(
            batch, ["status_category", "started_at", "completed_at"], {"status_category": (old, status.category)}, actor
        )
        mark_tasks(batch)


@write
def move_out_of_board(board: Board, successor: Board, *, actor: Actor) -> None:
    """Put a board's tasks on another one."""
    for batch in _batches(Task.objects.filter(board=board).select_related("project")):
        for task in batch:
            task.board = successor
        _save(batch, ["board"], {"board": (board.pk, successor.pk)}, actor)


@write
def take_label_off(label: Label, *, actor: Actor) -> None:
    """Raise the version of every task that shows a label which is about to go."""
    Task.objects.filter(labelled__label=label).update(version=F("version") + 1)


@write
def take_category_off(category: Category, *, actor: Actor) -> None:
    """Leave the tasks of a category without one."""
    Task.objects.filter(category=category).update(category=None, version=F("version") + 1)


@write
def take_new_keys(project: Project, *, actor: Actor) -> None:
    """Raise the version of every task of a project whose key changed: each shows another key now, and is found by it."""
    Task.objects.filter(project=project).update(version=F("version") + 1)
    reindex_project(project)


def _batches(found: QuerySet[Task]) -> Iterable[list[Task]]:
    """Read in batches; each batch, once saved, is no longer found."""
    while batch := list(found.order_by("pk")[:BATCH]):
        yield batch


def _save(batch: list[Task], columns: list[str], changes: dict[str, tuple[Any, Any]], actor: Actor) -> None:
    moment = now()
    for task in batch:
        task.version += 1
        task.updated_at = moment
        task.breach_watch = first_look(task)
    Task.objects.bulk_update(batch, [*columns, "breach_watch", "version", "updated_at"], batch_size=BATCH)
    record_many([event for task in batch for event in events_of(task, changes)], actor=actor)

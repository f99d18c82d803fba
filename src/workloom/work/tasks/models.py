"""Tasks, who works on them, who watches them, and the keys they once had.

A column with which an index of several begins has none of its own, and what few tasks have is indexed for these alone:
each change of a task writes to all indexes that it is in.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models

from workloom.core.fields import RankField, index_where_set
from workloom.core.ids import uuid7
from workloom.work.boards.models import Board
from workloom.work.labels.models import Category, Label
from workloom.work.projects.models import Project
from workloom.work.workflows.models import Status


class Priority(models.IntegerChoices):
    """Stored as a number, so that it sorts by weight."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    URGENT = 4


class Task(models.Model):
    """`trash` names the deletion that took it to the trash, so that restoring brings back what went together.

    `status_category` and `workspace` repeat what status and project say, for filters that would join otherwise.
    `breach_watch` is when somebody has to look whether the task is late, null when nobody has to; `breached_for` is the
    moment for which the log last had a breach: a date that comes back is not told of twice. `label_ids` and
    `assignee_ids` are there where a query or an action says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    number = models.PositiveIntegerField()
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    title = models.CharField(max_length=255)
    description = models.TextField(default="")
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="tasks")
    status_category = models.CharField(max_length=12)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.MEDIUM)
    category = models.ForeignKey(Category, null=True, on_delete=models.SET_NULL, related_name="tasks")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reported_tasks", db_index=False
    )
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="subtasks", db_index=False)
    start_date = models.DateField(null=True)
    due_date = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    estimate = models.FloatField(null=True)
    rank = RankField(max_length=200)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    breach_watch = models.DateTimeField(null=True)
    breached_for = models.DateTimeField(null=True)
    is_archived = models.BooleanField(default=False)
    trashed_at = models.DateTimeField(null=True)
    trash = models.UUIDField(null=True)
    comments_count = models.PositiveIntegerField(default=0)
    attachments_count = models.PositiveIntegerField(default=0)
    subtasks_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    label_ids: list[UUID]
    assignee_ids: list[UUID]
    must_be_at: int | None = None
    """Of a task that is changed without having been locked: the version that its row must still have."""
    workflow_version: int | None = None
    """Of its project's workflow, where that was read with the task."""
    workflow_updated_at: datetime
    labels = models.ManyToManyField(Label, through="TaskLabel", related_name="tasks")
    assignees = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Assignment", related_name="assigned_tasks")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="task_number_once_per_project"),
            models.UniqueConstraint(fields=["project", "rank"], name="task_rank_once_per_project"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "created_at", "id"], name="task_by_time"),
            models.Index(fields=["project", "status", "created_at", "id"], name="task_by_status"),
            models.Index(fields=["board", "status", "rank", "is_archived", "trashed_at"], name="task_on_board"),
            models.Index(fields=["reporter", "created_at"], name="task_by_reporter"),
            models.Index(fields=["created_at", "id"], name="task_by_created"),
            index_where_set("parent", name="task_by_parent"),
            models.Index(fields=["due_date"], name="task_by_due_date"),
            index_where_set("breach_watch", name="task_to_breach"),
            index_where_set("trash", name="task_by_trash"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def workflow_edition(self) -> tuple[int, datetime] | None:
        """Return what tells one state of its project's workflow from all others; None where that was not read with the task."""
        return None if self.workflow_version is None else (self.workflow_version, self.workflow_updated_at)


class Assignment(models.Model):
    """Who works on a task, in the order named."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments", db_index=False
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "user"], name="assigned_once")]
        indexes: ClassVar = [models.Index(fields=["user", "task"], name="assignment_by_user")]


class TaskLabel(models.Model):
    """A label on a task."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="labelled", db_index=False)
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="labelled")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "label"], name="labelled_once")]


class Watcher(models.Model):
    """Who is told of a task; `is_muted` remembers that somebody left, so that nothing brings them back."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="watchings", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="watchings")
    is_muted = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "user"], name="watching_once")]


class FormerTaskKey(models.Model):
    """A key that a task had before it moved to another project."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="former_keys")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["project", "number"], name="former_task_key_once")]

"""Boards and columns."""

from typing import ClassVar

from django.db import models

from workloom.core.ids import uuid7
from workloom.work.projects.models import Project
from workloom.work.workflows.models import Status


class Board(models.Model):
    """The first of a project (by position) takes tasks that name no board."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="boards")
    name = models.CharField(max_length=200)
    search_key = models.TextField(default="")
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["project", "position", "id"], name="board_in_project")]

    def __str__(self) -> str:
        return self.name


class Column(models.Model):
    """A column shows one or more statuses; `wip_limit` warns and never refuses."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="columns")
    name = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    wip_limit = models.PositiveIntegerField(null=True)
    is_archived = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class ColumnStatus(models.Model):
    """A status is in at most one column of a board."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="placed")
    status = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["board", "status"], name="status_in_one_column")]
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.status_id} in {self.column_id}"

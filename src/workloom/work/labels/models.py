"""Labels and categories."""

from typing import ClassVar

from django.db import models

from workloom.core.ids import uuid7
from workloom.work.projects.models import Project
from workloom.work.workspaces.models import Workspace


class Tag(models.Model):
    """What labels and categories share: a name, unique in any case where it is used, and a colour.

    `project` is null for one that is usable in the whole workspace; `place` is the project's or the workspace's id,
    for uniqueness.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="+")
    place = models.UUIDField()
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=255)
    colour = models.CharField(max_length=7)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Label(Tag):
    """A task has many."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "name_key"], name="label_name_once")]


class Category(Tag):
    """A task has one."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "name_key"], name="category_name_once")]

"""Statuses and transitions."""

from typing import ClassVar

from django.db import models

from workloom.core.ids import uuid7
from workloom.work.projects.models import Project


class StatusCategory(models.TextChoices):
    """What a status means, whatever it is called."""

    BACKLOG = "backlog"
    TODO = "todo"
    IN_PROGRESS = "in_progress"
    REVIEW = "review"
    DONE = "done"
    CANCELLED = "cancelled"


class Workflow(models.Model):
    """One per project; `allows_all` means that no list of moves restricts it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="workflow")
    initial = models.ForeignKey("Status", null=True, on_delete=models.PROTECT, related_name="+")
    allows_all = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"workflow of {self.project_id}"


class Status(models.Model):
    """The slug never changes; the label may. `label_key` is the label as `rules.word_key` reads it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="statuses")
    slug = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    label_key = models.CharField(max_length=255)
    category = models.CharField(max_length=12, choices=StatusCategory.choices)
    colour = models.CharField(max_length=7)
    position = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "slug"], name="status_slug_once_per_project")
        ]
        indexes: ClassVar = [
            models.Index(fields=["slug"], name="status_by_slug"),
            models.Index(fields=["label_key"], name="status_by_label"),
        ]
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.slug


class Transition(models.Model):
    """One allowed move; `roles` empty means every role that may move tasks, `guards` name conditions on the task."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="transitions")
    source = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="leaving")
    target = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="entering")
    roles = models.JSONField(default=list)
    guards = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "source", "target"], name="transition_once")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"

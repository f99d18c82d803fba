"""Links between tasks."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from workloom.core.ids import uuid7
from workloom.work.tasks.models import Task


class Kind(models.TextChoices):
    """What the source is to the target; where it says nothing of a direction, the source is the smaller id."""

    BLOCKS = "blocks"
    RELATES = "relates"
    DUPLICATES = "duplicates"


class Link(models.Model):
    """`pair` names both tasks whatever the direction, so that a pair is linked once by each kind."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    source = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="links_in")
    pair = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["pair", "kind"], name="linked_once_by_kind")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Gate(models.Model):
    """One row, locked by whoever adds a blocking link: a cycle can run through any tasks, so no smaller lock is enough."""

    id = models.PositiveSmallIntegerField(primary_key=True)

    def __str__(self) -> str:
        return "gate"

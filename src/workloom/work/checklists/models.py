"""Checklists and what stands on them."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from workloom.core.ids import uuid7
from workloom.work.tasks.models import Task


class Checklist(models.Model):
    """`position` counts from 0 without gaps among the task's checklists; the task's row is the lock for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="checklists")
    name = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["task", "position", "id"], name="checklist_on_task")]

    def __str__(self) -> str:
        return self.name


class ChecklistItem(models.Model):
    """`position` counts from 0 without gaps among the checklist's items; the task's row is the lock for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="items")
    text = models.CharField(max_length=500)
    done = models.BooleanField(default=False)
    position = models.PositiveIntegerField()
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["checklist", "position", "id"], name="item_on_checklist")]

    def __str__(self) -> str:
        return self.text

"""What people were told, what they want to be told of single projects, and how far digests and reminders are."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from workloom.core.ids import uuid7
from workloom.work.comments.models import Comment
from workloom.work.projects.models import Project
from workloom.work.tasks.models import Task


class Notification(models.Model):
    """One person is told of one cause. Its words are made when it is read, so nothing personal is kept twice.

    `dedupe_key` is the cause and the person. One that is not listed is for mail alone, or was removed; it counts as
    read. `digest_at` is when it is due for a digest, `digest` the one that took it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    event = models.UUIDField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    comment = models.ForeignKey(Comment, null=True, on_delete=models.SET_NULL, related_name="+")
    detail = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=160, unique=True)
    is_listed = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, db_index=True)
    digest_at = models.DateTimeField(null=True, db_index=True)
    digest = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "created_at", "id"], name="notification_by_user"),
            models.Index(fields=["user", "read_at"], name="notification_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"


class Digest(models.Model):
    """A person's daily mail: at most one for each day of their calendar."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} for {self.user_id}"


class Preference(models.Model):
    """What somebody wants to be told of one project, where that differs from their settings."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    kinds = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "project"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.project_id}"


class ReminderClock(models.Model):
    """Up to when everybody was reminded: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    done_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"until {self.done_until}"

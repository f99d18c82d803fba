"""Comments and whom they mention."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from workloom.core.ids import uuid7
from workloom.work.tasks.models import Task


class Comment(models.Model):
    """`answers_count` counts the answers that are shown: a deleted comment keeps its place while there are any."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="answers")
    body = models.TextField()
    answers_count = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True, db_index=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["task", "created_at", "id"], name="comment_on_task")]

    def __str__(self) -> str:
        return self.body[:80]


class Mention(models.Model):
    """A person of the project whom a comment names with an @."""

    id = models.BigAutoField(primary_key=True)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["comment", "user"], name="mentioned_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.comment_id}"

"""Projects and who is in them."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from workloom.core.ids import uuid7
from workloom.work.workspaces.models import Workspace


class Project(models.Model):
    """Its row is the lock for numbers, ranks and workflow; its key stays taken while it is in the trash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="projects")
    key = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    search_key = models.TextField(default="")
    description = models.TextField(default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_projects")
    default_assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    time_zone = models.CharField(max_length=64, default="UTC")
    inbox_of = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="inbox")
    is_archived = models.BooleanField(default=False)
    trashed_at = models.DateTimeField(null=True)
    tasks_count = models.PositiveIntegerField(default=0)
    next_number = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="project_key_once_per_workspace")
        ]
        indexes: ClassVar = [models.Index(fields=["created_at", "id"], name="project_by_time")]

    def __str__(self) -> str:
        return self.key


class FormerKey(models.Model):
    """A key that a project once had: task keys made with it are still found, and nobody else gets it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="former_keys")
    key = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="former_key_once_per_workspace")
        ]

    def __str__(self) -> str:
        return self.key


class ProjectMember(models.Model):
    """A person's role in a project."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="project_memberships")
    role = models.CharField(max_length=12)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["project", "user"], name="project_member_once")]
        indexes: ClassVar = [models.Index(fields=["user", "project", "role"], name="project_member_by_user")]

    def __str__(self) -> str:
        return f"{self.role} of {self.project_id}"

"""Workspaces and who is in them."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from workloom.core.ids import uuid7


class Workspace(models.Model):
    """A team's or a person's own place; `personal_of` is set for the one that is made by itself, once per person.

    A deleted one stays as a row, without members, until its last project is purged from the trash.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    slug = models.CharField(max_length=60, unique=True)
    personal_of = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="personal_workspace"
    )
    search_key = models.TextField(default="")
    deleted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created_at", "id"], name="workspace_by_time")]

    def __str__(self) -> str:
        return self.name


class WorkspaceMember(models.Model):
    """A person's role in a workspace."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="workspace_memberships")
    role = models.CharField(max_length=12)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "user"], name="workspace_member_once")]
        indexes: ClassVar = [models.Index(fields=["user", "workspace", "role"], name="workspace_member_by_user")]

    def __str__(self) -> str:
        return f"{self.role} of {self.workspace_id}"


class Invitation(models.Model):
    """A place kept for an e-mail address; accepted with a secret of which only the hash is here.

    `target` is the workspace, or the project that a `project_id` names; `role` is one of that target.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    project_id = models.UUIDField(null=True, db_index=True)
    target = models.UUIDField()
    email = models.CharField(max_length=254)
    email_key = models.CharField(max_length=254, db_index=True)
    role = models.CharField(max_length=12)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["target", "email_key"], name="invitation_once_per_address")
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "created_at"], name="invitation_by_workspace")]

    def __str__(self) -> str:
        return f"invitation to {self.target}"

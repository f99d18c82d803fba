"""Workspaces and who is in them."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from workloom.core.ids import uuid7


class Workspace(models.Model):
    """A team's or a person's own place; `personal_of` is set for the one that is made by itself, once per person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    slug = models.CharField(max_length=60, unique=True)
    personal_of = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="personal_workspace")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WorkspaceMember(models.Model):
    """A person's role in a workspace."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="workspace_memberships")
    role = models.CharField(max_length=12)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "user"], name="workspace_member_once")]
        indexes: ClassVar = [models.Index(fields=["user", "workspace", "role"], name="workspace_member_by_user")]


class Invitation(models.Model):
    """A place kept for an e-mail address that has no account yet; `project_role` names a project's role when it came from there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    project_id = models.UUIDField(null=True, db_index=True)
    email = models.CharField(max_length=254)
    email_key = models.CharField(max_length=254)
    role = models.CharField(max_length=12)
    target = models.UUIDField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["target", "email_key"], name="invitation_once_per_address")]

"""Workspaces on the admin site, to look at."""

from typing import ClassVar

from django.contrib import admin

from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.work.workspaces.models import Invitation, Workspace, WorkspaceMember


@admin.register(Workspace)
class WorkspaceAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "personal_of", "created_at", "deleted_at")
    list_select_related = ("personal_of",)
    search_fields = ("search_key",)
    ordering = ("-created_at",)
    exclude: ClassVar = ["search_key"]


@admin.register(WorkspaceMember)
class WorkspaceMemberAdmin(ReadOnlyAdmin):
    list_display = ("user", "workspace", "role", "created_at")
    list_select_related = ("user", "workspace")
    list_filter = ("role",)
    search_fields = ("user__search_key", "workspace__search_key")
    ordering = ("-created_at",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "workspace", "role", "invited_by", "created_at", "expires_at")
    list_select_related = ("workspace", "invited_by")
    search_fields = ("email_key", "workspace__search_key")
    ordering = ("-created_at",)
    exclude: ClassVar = ["secret_hash", "email_key"]

"""Projects on the admin site, to look at."""

from typing import ClassVar

from django.contrib import admin

from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.work.projects.models import FormerKey, Project, ProjectMember


@admin.register(Project)
class ProjectAdmin(ReadOnlyAdmin):
    list_display = ("key", "name", "workspace", "owner", "tasks_count", "is_archived", "trashed_at", "created_at")
    list_select_related = ("workspace", "owner")
    list_filter = ("is_archived",)
    search_fields = ("search_key",)
    ordering = ("-created_at",)
    exclude: ClassVar = ["search_key"]


@admin.register(ProjectMember)
class ProjectMemberAdmin(ReadOnlyAdmin):
    list_display = ("user", "project", "role", "created_at")
    list_select_related = ("user", "project")
    list_filter = ("role",)
    search_fields = ("user__search_key", "project__search_key")
    ordering = ("-created_at",)


@admin.register(FormerKey)
class FormerKeyAdmin(ReadOnlyAdmin):
    list_display = ("key", "project", "workspace")
    list_select_related = ("project", "workspace")
    search_fields = ("key",)

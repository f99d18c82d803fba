"""Checklists on the admin site, to look at."""

from typing import ClassVar

from django.contrib import admin

from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.work.checklists.models import Checklist, ChecklistItem


@admin.register(Checklist)
class ChecklistAdmin(ReadOnlyAdmin):
    list_display = ("name", "task", "position", "created_at")
    list_select_related = ("task",)
    ordering: ClassVar = ("-created_at",)


@admin.register(ChecklistItem)
class ChecklistItemAdmin(ReadOnlyAdmin):
    list_display = ("text", "checklist", "done", "assignee", "position")
    list_select_related = ("checklist", "assignee")
    ordering: ClassVar = ("-created_at",)

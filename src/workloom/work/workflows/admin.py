"""Workflows on the admin site: to look at."""

from django.contrib import admin

from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.work.workflows.models import Status, Transition, Workflow


@admin.register(Workflow)
class WorkflowAdmin(ReadOnlyAdmin):
    list_display = ("project", "initial", "allows_all", "version", "updated_at")
    list_select_related = ("project", "initial")
    search_fields = ("project__search_key",)


@admin.register(Status)
class StatusAdmin(ReadOnlyAdmin):
    list_display = ("slug", "label", "category", "position", "project")
    list_filter = ("category",)
    list_select_related = ("project",)
    search_fields = ("slug", "label_key")


@admin.register(Transition)
class TransitionAdmin(ReadOnlyAdmin):
    list_display = ("project", "source", "target", "roles", "guards")
    list_select_related = ("project", "source", "target")

"""Tasks on the admin site: to look at, and to take to the trash or bring back by the room's own actions."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.people.accounts.site import actor_of, from_admin
from workloom.people.rights.rules import Right
from workloom.work.tasks.access import access_task, access_trashed_task
from workloom.work.tasks.actions import restore_task, trash_task
from workloom.work.tasks.models import Assignment, FormerTaskKey, Task, Watcher


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    list_display = (
        "title",
        "project",
        "number",
        "status",
        "priority",
        "due_date",
        "is_archived",
        "trashed_at",
        "created_at",
    )
    list_select_related = ("project", "status")
    list_filter = ("status_category", "priority", "is_archived")
    search_fields = ("title",)
    ordering = ("-created_at",)
    raw_id_fields = ("parent",)
    actions = ("trash", "restore")

    @admin.action(description="Take to the trash")
    def trash(self, request: HttpRequest, chosen: QuerySet[Task]) -> None:
        """Each with its subtasks; those already there stay."""
        actor = actor_of(request)
        with from_admin():
            for key in chosen.filter(trashed_at__isnull=True).values_list("pk", flat=True):
                trash_task(access_task(actor, str(key), Right.TASK_DELETE, lock=True), actor=actor)

    @admin.action(description="Bring back from the trash")
    def restore(self, request: HttpRequest, chosen: QuerySet[Task]) -> None:
        """Each with what went to the trash with it."""
        actor = actor_of(request)
        with from_admin():
            for key in chosen.filter(trashed_at__isnull=False).values_list("pk", flat=True):
                restore_task(access_trashed_task(actor, str(key), Right.TASK_DELETE), actor=actor)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ("task", "user")
    list_select_related = ("task", "user")
    ordering = ("-pk",)


@admin.register(Watcher)
class WatcherAdmin(ReadOnlyAdmin):
    list_display = ("task", "user", "is_muted", "created_at")
    list_select_related = ("task", "user")
    ordering = ("-pk",)


@admin.register(FormerTaskKey)
class FormerTaskKeyAdmin(ReadOnlyAdmin):
    list_display = ("project", "number", "task")
    list_select_related = ("task", "project")
    ordering = ("-pk",)

"""Comments on the admin site, to look at."""

from typing import ClassVar

from django.contrib import admin

from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.work.comments.models import Comment


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "task", "author", "created_at", "edited_at", "deleted_at")
    list_select_related = ("task", "author")
    ordering: ClassVar = ("-created_at",)

"""Boards on the admin site: to look at."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.work.boards.models import Board, Column


class Columns(admin.TabularInline):  # type: ignore[type-arg] # the class takes no parameter when it runs
    model = Column
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Board)
class BoardAdmin(ReadOnlyAdmin):
    list_display = ("name", "project", "position", "version", "created_at")
    list_select_related = ("project",)
    search_fields = ("search_key",)
    exclude = ("search_key",)
    inlines: ClassVar = [Columns]

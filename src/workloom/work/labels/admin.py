"""Labels and categories on the admin site: to look at."""

from django.contrib import admin

from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.work.labels.models import Category, Label


@admin.register(Label, Category)
class TagAdmin(ReadOnlyAdmin):
    list_display = ("name", "colour", "workspace", "project", "version", "created_at")
    list_select_related = ("workspace", "project")
    search_fields = ("name_key",)
    exclude = ("place", "name_key")

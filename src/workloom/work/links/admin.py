"""Links on the admin site, to look at."""

from typing import ClassVar

from django.contrib import admin

from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.work.links.models import Link


@admin.register(Link)
class LinkAdmin(ReadOnlyAdmin):
    list_display = ("source", "kind", "target", "created_at")
    list_select_related = ("source", "target")
    ordering: ClassVar = ("-created_at",)

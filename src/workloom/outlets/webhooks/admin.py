"""Webhooks on the admin site: to look at."""

from django.contrib import admin

from workloom.core.http.readonly import ReadOnlyAdmin
from workloom.outlets.webhooks.models import Delivery, Webhook


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    list_display = ("id", "workspace", "project", "is_active", "disabled_reason", "failing_since", "created_at")
    list_select_related = ("workspace", "project")
    exclude = ("secret", "previous_secret", "url")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("id", "webhook", "type", "state", "attempts", "status", "error", "created_at")
    list_select_related = ("webhook",)

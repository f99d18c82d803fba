"""The room as a Django app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Named webhooks."""

    name = "workloom.outlets.webhooks"
    label = "webhooks"

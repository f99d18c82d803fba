"""The doors as a Django app: they keep the answers of idempotent requests."""

from django.apps import AppConfig


class HttpConfig(AppConfig):
    """Named http, to tell its tables from the ground's."""

    name = "workloom.core.http"
    label = "http"

"""The room as a Django app."""

from django.apps import AppConfig


class LabelsConfig(AppConfig):
    """Named labels."""

    name = "workloom.work.labels"
    label = "labels"

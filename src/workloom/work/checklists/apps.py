"""The room as a Django app."""

from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    """Named checklists."""

    name = "workloom.work.checklists"
    label = "checklists"

"""The room as a Django app."""

from django.apps import AppConfig


class KanbanConfig(AppConfig):
    """Named kanban."""

    name = "workloom.work.kanban"
    label = "kanban"

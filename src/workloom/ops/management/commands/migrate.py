from typing import Any

from django.core.management.commands.migrate import Command as DjangoCommand

from workloom.ops.migrating import migration_lock


class Command(DjangoCommand):
    """Django's own, one process at a time."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        with migration_lock():
            return super().handle(*args, **options)

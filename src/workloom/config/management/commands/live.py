import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workloom.config.checks import check_database
from workloom.config.serving import server


class Command(BaseCommand):
    help = "Holds WebSocket and server-sent events alone on PORT, beside `serve` and behind a proxy; until Ctrl-C."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        os.umask(0o077)
        try:
            server.require_free_address()
        except server.AddressTaken as error:
            raise CommandError(str(error)) from None
        if errors := check_database(databases=list(settings.DATABASES)):
            raise CommandError("\n".join(f"{issue.msg} {issue.hint or ''}" for issue in errors))
        self.stdout.write(f"Live connections on {settings.HOST}:{settings.PORT}. Ctrl-C stops it.")
        self.stdout.flush()
        server.warm()
        server.run_live()

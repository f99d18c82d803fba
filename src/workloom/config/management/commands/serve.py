import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workloom.config.checks import check_database
from workloom.config.serving import server
from workloom.config.serving.reloading import serve_and_reload
from workloom.config.serving.welcome import way_in, welcome
from workloom.ops.migrating import migrate_if_needed


class Command(BaseCommand):
    help = "Starts Workloom on PORT: migrates, prints the address and how to get in, runs until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reload", action="store_true", help="start again at every change of the code, with DEBUG")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["reload"]:
            sys.exit(serve_and_reload([sys.argv[0], "serve"]))
        os.umask(0o077)  # what the server writes is its own: the database, uploads, keys
        try:
            server.require_free_address()
        except server.AddressTaken as error:
            raise CommandError(str(error)) from None
        self._check_database()
        if migrate_if_needed():
            self.stdout.write("The database is up to date.")
        self.stdout.write(welcome(way_in()))
        self.stdout.flush()
        server.warm()
        server.run()

    def _check_database(self) -> None:
        """Only what depends on the machine: the rest is `make check`'s, and each start would pay for it."""
        errors = check_database(databases=list(settings.DATABASES))
        if errors:
            raise CommandError("\n".join(f"{issue.msg} {issue.hint or ''}" for issue in errors))

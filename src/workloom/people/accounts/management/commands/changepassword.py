import os
import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workloom.core.actor import SYSTEM
from workloom.core.errors import Refused
from workloom.people.accounts.actions import set_password
from workloom.people.accounts.queries import person_by_login


class Command(BaseCommand):
    help = "Gives somebody a new password and ends all their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="The address or username.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = person_by_login(options["login"])
        if user is None:
            raise CommandError("There is no such account.")
        password = os.environ.get("DJANGO_SUPERUSER_PASSWORD") or (
            getpass("New password: ") if sys.stdin.isatty() else ""
        )
        if not password:
            raise CommandError("Give DJANGO_SUPERUSER_PASSWORD, or run this in a terminal.")
        try:
            set_password(user.id, password, actor=SYSTEM)
        except Refused as refusal:
            raise CommandError(" ".join(error.detail for error in refusal.errors) or refusal.detail) from refusal
        self.stdout.write(f"{user.username} has a new password; all sessions are ended.")

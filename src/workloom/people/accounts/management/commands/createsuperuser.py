import os
import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workloom.core.errors import Refused
from workloom.people.accounts.actions import create_operator


class Command(BaseCommand):
    help = "Makes a verified administrator of the installation."
    stealth_options = ("stdin",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="The address; DJANGO_SUPERUSER_EMAIL when absent.")
        parser.add_argument("--username", help="Made from the address when absent, as is DJANGO_SUPERUSER_USERNAME.")
        parser.add_argument(
            "--noinput",
            "--no-input",
            action="store_false",
            dest="interactive",
            help="Asks nothing: the password is read from DJANGO_SUPERUSER_PASSWORD.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ask = options["interactive"] and sys.stdin.isatty()
        email = (
            options["email"] or os.environ.get("DJANGO_SUPERUSER_EMAIL") or (input("E-mail address: ") if ask else "")
        )
        password = os.environ.get("DJANGO_SUPERUSER_PASSWORD") or (_password() if ask else "")
        username = options["username"] or os.environ.get("DJANGO_SUPERUSER_USERNAME") or ""
        if not email or not password:
            raise CommandError("Give --email and DJANGO_SUPERUSER_PASSWORD, or run this in a terminal.")
        try:
            user = create_operator(email, password, username=username)
        except Refused as refusal:
            raise CommandError(" ".join(error.detail for error in refusal.errors) or refusal.detail) from refusal
        self.stdout.write(f"{user.email} is an administrator now, with the username {user.username}.")


def _password() -> str:
    first = getpass("Password: ")
    if getpass("Password again: ") != first:
        raise CommandError("The two passwords differ.")
    return first

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workloom.core.clock import now
from workloom.core.errors import Refused
from workloom.ops.demo.company import Company, load
from workloom.ops.demo.fill import belongs_to_others, fill, is_there
from workloom.ops.migrating import migrate_if_needed


class Command(BaseCommand):
    help = "Fills the database with a small company's projects, to look at. A second time it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", default="", help="How all its people sign in; made up when absent.")
        parser.add_argument("--yes", action="store_true", help="Also where others have their data already.")

    def handle(self, *_args: Any, **options: Any) -> None:
        migrate_if_needed()
        company = load()
        if is_there(company):
            self.stdout.write("The demo company is here already; nothing was changed.")
            self.stdout.write(f"A forgotten password: changepassword {company.people[0].email}")
            return
        if belongs_to_others() and not options["yes"]:
            raise CommandError("Others have their data here. To add the demo company beside it, say --yes.")
        password = options["password"] or secrets.token_urlsafe(9)
        try:
            tasks = fill(company, password=password, now=now())
        except Refused as refusal:
            raise CommandError(" ".join(error.detail for error in refusal.errors) or refusal.detail) from refusal
        self._tell(company, tasks, password)

    def _tell(self, company: Company, tasks: int, password: str) -> None:
        names = " and ".join(space.name for space in company.workspaces)
        self.stdout.write(f"Made {names}: {len(company.projects)} projects, {tasks} tasks.")
        self.stdout.write("Its people, who all sign in with the same password:")
        for person in company.people:
            self.stdout.write(f"  {person.email:<24} {person.name}")
        self.stdout.write(f"Password: {password}")

# ruff: noqa: N999 - the name is what people type
"""`workloom import trello FILE --project KEY`: the same request and the same run as by the API, watched in the terminal."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from workloom.core.actor import Actor
from workloom.core.errors import Refused
from workloom.core.ids import parse_uuid
from workloom.outlets.exchange.actions import WantedImport, request_import, run_import
from workloom.outlets.exchange.management.printing import print_failure, print_outcome
from workloom.outlets.exchange.models import Import, ImportStatus
from workloom.outlets.exchange.sources import KINDS
from workloom.outlets.exchange.sources.csv_columns import FIELDS, read_mapping
from workloom.people.accounts.models import User, UserRole
from workloom.people.accounts.queries import person_by_login
from workloom.people.rights.rules import Right
from workloom.work.projects.access import access_project
from workloom.work.projects.models import Project
from workloom.work.projects.queries import projects_with

_MEGABYTE = 1024 * 1024


class Command(BaseCommand):
    help = "Imports a file into a project. A second run adds nothing, an interrupted one goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=KINDS, help="What wrote the file.")
        parser.add_argument("file", type=Path, help="The file.")
        parser.add_argument("--project", required=True, help="The project's key or id.")
        parser.add_argument("--workspace", default="", help="The workspace's slug, where several have such a project.")
        parser.add_argument("--map", default="", help=f"For csv: field=column,…; fields: {', '.join(FIELDS)}.")
        parser.add_argument("--dry-run", action="store_true", help="Reads the file and reports; writes nothing.")
        parser.add_argument("--as", dest="login", default="", help="Who imports; the only administrator when absent.")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=cast("IO[str]", self.stdout), highlight=False)
        try:
            work = self._run(console, options)
        except Refused as refusal:
            raise CommandError(" ".join(error.detail for error in refusal.errors) or refusal.detail) from refusal
        if work.status == ImportStatus.FAILED:
            print_failure(console, work)
            raise CommandError("The import failed.")
        print_outcome(console, work)

    def _run(self, console: Console, options: dict[str, Any]) -> Import:
        actor = _importer(options["login"]).as_actor()
        project = _project(actor, options["project"], options["workspace"])
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        wanted = WantedImport(
            options["kind"],
            file.name,
            _pieces(file),
            dry_run=options["dry_run"],
            mapping=read_mapping(options["map"]) if options["map"] else {},
        )
        work = request_import(project, wanted, actor=actor)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as bar:
            shown = bar.add_task("reading", total=None)
            return run_import(
                work.pk, tell=lambda done, total: bar.update(shown, description="writing", completed=done, total=total)
            )


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(_MEGABYTE):
            yield piece


def _importer(login: str) -> User:
    if login:
        user = person_by_login(login)
        if user is None or not user.is_active:
            raise CommandError(f"Nobody signs in as {login}.")
        return user
    operators = list(User.objects.filter(role=UserRole.ADMIN, is_active=True)[:2])
    if len(operators) != 1:
        raise CommandError("Say by --as EMAIL who imports: there is not exactly one administrator.")
    return operators[0]


def _project(actor: Actor, name: str, workspace: str) -> Project:
    found = projects_with(actor, Right.PROJECT_READ)
    key = parse_uuid(name)
    found = found.filter(pk=key) if key else found.filter(key=name.upper())
    if workspace:
        found = found.filter(workspace__slug=workspace)
    projects = list(found.select_related("workspace")[:20])
    if not projects:
        raise CommandError(f"There is no project {name} that {actor.name} sees.")
    if len(projects) > 1:
        slugs = ", ".join(project.workspace.slug for project in projects)
        raise CommandError(f"Several workspaces have a project {name}: {slugs}. Say which by --workspace.")
    return access_project(actor, projects[0].pk, Right.TASK_BULK)

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workloom.core.errors import Missing
from workloom.events.kept_jobs import (
    STATES,
    failed_jobs,
    find_job,
    list_jobs,
    remove_job,
    retry_all_jobs,
    retry_job,
)
from workloom.ops.management.tables import last_line, print_table


class Command(BaseCommand):
    help = "Shows the queue: what waits and what was given up; puts back or removes what was given up."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action")
        listing = actions.add_parser("list", help="What waits and what was given up; the default.")
        listing.add_argument("--state", choices=STATES)
        listing.add_argument("--limit", type=int, default=50)
        showing = actions.add_parser("show", help="All about one job, its last error too.")
        showing.add_argument("id", type=UUID)
        again = actions.add_parser("retry", help="Put one that was given up, or all of them, back in the queue.")
        which = again.add_mutually_exclusive_group(required=True)
        which.add_argument("id", type=UUID, nargs="?")
        which.add_argument("--all", action="store_true")
        removing = actions.add_parser("remove", help="Delete one that was given up and is wanted no more.")
        removing.add_argument("id", type=UUID)

    def handle(self, *_args: Any, **options: Any) -> None:
        action = options["action"] or "list"
        if action == "show":
            self._show(options["id"])
        elif action == "retry":
            self._retry(options["id"])
        elif action == "remove":
            self._remove(options["id"])
        else:
            self._list(options.get("state"), options.get("limit", 50))

    def _list(self, state: str | None, limit: int) -> None:
        rows = [
            (job.id, job.name, job.lane, job.state, job.attempts, job.run_at, last_line(job.error))
            for job in list_jobs(state, limit)
        ]
        if not rows:
            self.stdout.write("There are none.")
            return
        print_table(self.stdout, ("Id", "Name", "Lane", "State", "Tries", "Due", "Last error"), rows)

    def _show(self, job_id: UUID) -> None:
        try:
            job = find_job(job_id)
        except Missing:
            raise CommandError(_unknown(job_id)) from None
        names = (
            "id",
            "name",
            "lane",
            "state",
            "args",
            "attempts",
            "created_at",
            "run_at",
            "lease_until",
            "finished_at",
        )
        print_table(self.stdout, ("", ""), [(name, getattr(job, name)) for name in names])
        if job.error:
            self.stdout.write(job.error)

    def _retry(self, job_id: UUID | None) -> None:
        if job_id is None:
            self.stdout.write(f"{retry_all_jobs()} put back in the queue.")
        elif retry_job(job_id):
            self.stdout.write("Put back in the queue.")
        else:
            raise CommandError(_unknown(job_id))

    def _remove(self, job_id: UUID) -> None:
        if not remove_job(job_id):
            raise CommandError(_unknown(job_id))
        self.stdout.write("Removed.")


def _unknown(job_id: UUID) -> str:
    failed = [str(job.id) for job in failed_jobs()[:5]]
    known = f"Given up were, among others: {', '.join(failed)}." if failed else "None was given up."
    return f"There is no such job, or it was not given up: {job_id}. {known}"

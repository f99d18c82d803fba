from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workloom.core.actor import SYSTEM
from workloom.core.errors import Refused
from workloom.events.consumers import list_consumers, retry_consumer, skip_event
from workloom.ops.management.tables import last_line, print_table


class Command(BaseCommand):
    help = "Shows who follows the log and how far each has come; helps one over an event that it fails at."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action")
        actions.add_parser("list", help="Each with its place, how far it is behind, and its last error; the default.")
        again = actions.add_parser("retry", help="Let one try its event again at once.")
        again.add_argument("name")
        skipping = actions.add_parser("skip", help="Let one leave out the event that it fails at.")
        skipping.add_argument("name")
        skipping.add_argument("--seq", type=int, required=True, help="The event's number, so that it is no other one.")
        skipping.add_argument("--reason", required=True, help="Why; the log keeps it.")

    def handle(self, *_args: Any, **options: Any) -> None:
        action = options["action"] or "list"
        try:
            if action == "skip":
                self._skip(options["name"], options["seq"], options["reason"].strip())
            elif action == "retry":
                retry_consumer(options["name"])
                self.stdout.write("It tries again with the next look.")
            else:
                self._list()
        except Refused as refusal:
            raise CommandError(refusal.detail) from None

    def _list(self) -> None:
        rows = [
            (each.name, each.seq, each.behind, f"{each.lag_s:.0f}", each.attempts, each.retry_at, last_line(each.error))
            for each in list_consumers()
        ]
        columns = ("Name", "Read up to", "Behind", "Seconds", "Failed tries", "Next try", "Last error")
        print_table(self.stdout, columns, rows)

    def _skip(self, name: str, seq: int, reason: str) -> None:
        if not reason:
            raise CommandError("Say why: --reason 'what is wrong with this event'.")
        skip_event(name, seq, reason=reason, actor=SYSTEM)
        self.stdout.write(f"{name} goes on behind event {seq}; the log says why.")

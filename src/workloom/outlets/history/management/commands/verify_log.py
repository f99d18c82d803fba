from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workloom.events.verify import MOST_NAMED, verify_log


class Command(BaseCommand):
    help = "Computes the hash chain of the log anew and fails unless it is what was written."

    def handle(self, *_args: Any, **_options: Any) -> None:
        verdict = verify_log()
        self.stdout.write(f"{verdict.checked} events checked, {verdict.erased} of them with erased values.")
        if verdict.unpublished:
            self.stdout.write(f"{verdict.unpublished} more have no number yet; run this again in a moment.")
        if verdict.is_whole:
            self.stdout.write("The log is what was written.")
            return
        faults = {"changed": verdict.breaks, "missing": verdict.gaps}
        for word, numbers in faults.items():
            if numbers:
                listed = ", ".join(map(str, numbers)) + (" and more" if len(numbers) == MOST_NAMED else "")
                self.stderr.write(f"Events {word}: {listed}.")
        if not verdict.is_end_whole:
            self.stderr.write("The newest events are missing.")
        raise CommandError("The log is not what was written.")

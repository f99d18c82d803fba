from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workloom.config.documents import DOCUMENTS


class Command(BaseCommand):
    help = "Writes the documents that are made from the code into docs/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when one is out of date")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder = Path("docs")
        made = {folder / name: make() for name, make in DOCUMENTS.items()}
        stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        if options["check"]:
            if stale:
                raise CommandError(f"Out of date: {', '.join(map(str, stale))}. Run: make docs")
            return
        folder.mkdir(exist_ok=True)
        for path in stale:
            path.write_text(made[path], encoding="utf-8")
            self.stdout.write(f"wrote {path}")

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.cast import Cast
from tests.factories import make_operator, make_project
from workloom.outlets.exchange.actions import sweep_files
from workloom.outlets.exchange.models import Import
from workloom.outlets.exchange.uploads import keep_file, path_of
from workloom.work.tasks.models import Task

REPOSITORY = Path(__file__).parents[3]


def run(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command("import", *words, stdout=out, **options)
    return out.getvalue()


def test_the_command_ends_with_a_receipt(cast: Cast, fixtures: Path) -> None:
    said = run("trello", str(fixtures / "trello-board.json"), "--project", "near", "--as", "admin@example.org")
    assert "Receipt for trello-board.json" in said
    assert "3 new placeholders" in said
    assert "Custom fields have no counterpart here." in said
    assert "(cards[6])" in said
    assert Task.objects.filter(project=cast.project).count() == 6
    assert Task.objects.get(title="Forgotten").reporter == cast.admin


def test_the_only_administrator_imports_unless_somebody_is_named(cast: Cast, fixtures: Path) -> None:
    run("csv", str(fixtures / "tasks.csv"), "--project", str(cast.project.pk))
    assert Import.objects.get().requested_by == cast.operator


def test_a_dry_run_prints_the_report(cast: Cast, fixtures: Path) -> None:
    said = run("csv", str(fixtures / "tasks.csv"), "--project", "NEAR", "--dry-run", "--map", "description=")
    assert "Nothing was written." in said
    assert "People to match" in said
    assert "Body: " in said
    assert Task.objects.count() == 0


def test_a_broken_file_ends_in_an_error_with_its_place(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(b'{"cards": [')
    out = StringIO()
    with pytest.raises(CommandError, match="failed"):
        call_command("import", "trello", str(file), "--project", "NEAR", stdout=out)
    assert "line 1, column 12 (cards)" in out.getvalue()
    assert "Written before: 0 tasks" in out.getvalue()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--project", "NONE"), "There is no project NONE"),
        (("--project", "NEAR", "--as", "nobody@example.org"), "Nobody signs in as"),
        (("--project", "NEAR", "--as", "outsider@example.org"), "There is no project NEAR"),
        (("--project", "NEAR", "--as", "viewer@example.org"), "needs the right task.bulk"),
        (("--project", "NEAR", "--map", "titel=x"), "Did you mean title"),
    ],
)
def test_what_cannot_be_is_said(words: tuple[str, ...], reason: str, cast: Cast, fixtures: Path) -> None:
    with pytest.raises(CommandError, match=reason):
        run("csv", str(fixtures / "tasks.csv"), *words)
    assert Import.objects.count() == 0


def test_a_missing_file_is_said(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        run("csv", str(tmp_path / "none.csv"), "--project", "NEAR")


def test_a_key_in_two_workspaces_asks_for_one(cast: Cast, fixtures: Path) -> None:
    other = make_project(cast.outsider, cast.far_workspace, key="NEAR")
    file = str(fixtures / "tasks.csv")
    with pytest.raises(CommandError, match="Say which by --workspace"):
        run("csv", file, "--project", "NEAR")
    run("csv", file, "--project", "NEAR", "--workspace", cast.far_workspace.slug)
    assert Task.objects.filter(project=other).exists()


def test_two_administrators_must_say_who_imports(cast: Cast, fixtures: Path) -> None:
    make_operator("second")
    with pytest.raises(CommandError, match="--as EMAIL"):
        run("csv", str(fixtures / "tasks.csv"), "--project", "NEAR")


def test_files_that_no_import_waits_for_are_swept_after_a_day(cast: Cast, fixtures: Path) -> None:
    lost, fresh = keep_file([b"lost"]).name, keep_file([b"fresh"]).name
    yesterday = time.time() - 90_000
    os.utime(path_of(lost), (yesterday, yesterday))
    sweep_files()
    assert not path_of(lost).exists()
    assert path_of(fresh).exists()


class Installation:
    """One of its own, in processes that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "workloom.sqlite3"
        self.environment = os.environ | {
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "DJANGO_SETTINGS_MODULE": "workloom.config.settings",
            "PYTHONPATH": str(REPOSITORY / "src"),
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from workloom.config.cli import main; main()", *words]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)

    def python(self, script: str) -> None:
        subprocess.run([sys.executable, "-c", script], env=self.environment, check=True)

    def count(self, table: str) -> int:
        with closing(sqlite3.connect(self.database)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own tables


HOME = """
import django
django.setup()
from django.core.management import call_command
from workloom.people.accounts.actions import create_operator
from workloom.work.projects.actions import ensure_home
call_command("migrate", verbosity=0)
ensure_home(create_operator("op@example.org", "correct horse battery 9").as_actor())
"""


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_process_that_is_killed_leaves_nothing_half_done(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.python(HOME)
    file = tmp_path / "tasks.csv"
    file.write_text("id,title\n" + "".join(f"{number},Task {number}\n" for number in range(3000)))
    words = ("import", "csv", str(file), "--project", "INBOX")
    first = installation.start(*words)
    while installation.count("tasks_task") == 0:
        assert first.poll() is None
    first.send_signal(signal.SIGKILL)
    first.communicate()
    written = installation.count("tasks_task")
    assert 0 < written < 3000
    assert installation.count("exchange_ledgerentry") == written
    second = installation.start(*words)
    said, _ = second.communicate()
    assert second.returncode == 0
    assert "Receipt for tasks.csv" in said
    assert (installation.count("tasks_task"), installation.count("exchange_import")) == (3000, 1)

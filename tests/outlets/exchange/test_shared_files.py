"""The real files that lie beside the repository, where they do: exact counts, time and memory."""

import sys
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.machine import in_ci
from tests.outlets.exchange.importing import bring_in
from tests.outlets.exchange.measuring import run_measured
from workloom.outlets.exchange.sources import read_plan
from workloom.work.comments.models import Comment
from workloom.work.tasks.models import Task, TaskLabel

REPOSITORY = Path(__file__).parents[3]
DATA = REPOSITORY.parent / "shared" / "data"
TABLES = {
    "appceleratorstudio": 2919,
    "bamboo": 521,
    "clover": 384,
    "duracloud": 666,
    "jirasoftware": 352,
    "mesos": 1680,
    "moodle": 1166,
    "usergrid": 482,
}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir() and not in_ci(),
    reason=f"the real files are not here: {DATA} does not exist (with CI=true this would fail)",
)


def test_the_board_is_read_whole() -> None:
    plan = read_plan("trello", DATA / "trello" / "gocd-test-drive-board.json")
    assert plan.counts() == {
        "entries": 1172,
        "tasks": 121,
        "archived_tasks": 78,
        "columns": 18,
        "archived_columns": 12,
        "labels": 8,
        "people": 11,
        "checklists": 14,
        "checklist_items": 62,
        "comments": 93,
        "due_dates": 25,
        "attachments": 58,
        "links": 0,
    }
    assert all(comment.author and comment.created_at for task in plan.tasks for comment in task.comments)
    assert all(task.created_at for task in plan.tasks)
    assert {one.code: one.count for one in plan.losses} == {
        "attachments": 58,
        "covers": 4,
        "reminders": 15,
        "watching": 36,
        "comments_not_in_file": 38,
        "history": 829,
    }
    assert plan.problems == ()


def test_the_small_board_names_its_custom_fields() -> None:
    plan = read_plan("trello", DATA / "trello" / "wekan-project100-board.json")
    assert (len(plan.tasks), len(plan.columns)) == (3, 3)
    assert {one.code: one.count for one in plan.losses}["custom_field"] == 8


def test_the_list_of_issues_is_read_whole() -> None:
    plan = read_plan("github", DATA / "github-issues" / "quicwg-base-drafts-issues-2017-04.json")
    assert len(plan.tasks) == 479
    assert sum(task.category == "Pull request" for task in plan.tasks) == 217
    assert sum(task.column == "open" for task in plan.tasks) == 133
    assert (len(plan.labels), len(plan.people)) == (13, 33)
    assert sum("\r\n" in task.description for task in plan.tasks) == 253
    assert {one.code: one.count for one in plan.losses} == {
        "comments_not_in_file": 1454,
        "pull_requests": 217,
        "milestones": 11,
    }
    assert [task.source_id for task in plan.tasks[:2]] == ["quicwg/base-drafts#1", "quicwg/base-drafts#2"]


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_read_whole(name: str) -> None:
    plan = read_plan("csv", DATA / "load-issues-storypoints" / f"{name}.csv")
    assert len(plan.tasks) == TABLES[name]
    assert all(task.estimate is not None for task in plan.tasks)
    assert [(one.code, one.count) for one in plan.losses] == [("columns_not_used", TABLES[name])]
    assert plan.problems == ()


def test_the_board_is_written_whole(cast: Cast) -> None:
    file = DATA / "trello" / "gocd-test-drive-board.json"
    done = bring_in(cast.project, cast.admin, "trello", file)
    assert (done.status, done.error) == ("done", None)
    receipt = done.receipt or {}
    assert receipt["written"] == {
        "tasks": 121,
        "archived_tasks": 78,
        "due_dates": 25,
        "subtasks": 0,
        "checklists": 14,
        "checklist_items": 62,
        "comments": 93,
        "placeholders": 11,
        "people_matched": 0,
    }
    used = receipt["used"]
    assert (used["columns"], used["archived_columns"], used["labels"], used["people"]) == (18, 12, 8, 11)
    plan = read_plan("trello", file)
    tasks = list(Task.objects.filter(project=cast.project).order_by("rank").select_related("status"))
    assert [task.title for task in tasks] == [task.title for task in plan.tasks]
    assert [task.created_at for task in tasks] == [task.created_at for task in plan.tasks]
    columns = {column.source_id: column.name for column in plan.columns}
    assert [task.status.label.lower() for task in tasks] == [columns[task.column or ""].lower() for task in plan.tasks]
    comments = Comment.objects.filter(task__project=cast.project)
    assert comments.filter(author__is_placeholder=True, created_at__year=2019).count() == 93


def test_the_board_a_second_time_adds_nothing(cast: Cast) -> None:
    file = DATA / "trello" / "gocd-test-drive-board.json"
    bring_in(cast.project, cast.admin, "trello", file)
    again = bring_in(cast.project, cast.admin, "trello", file)
    assert (again.receipt or {})["already_there"] == {"tasks": 121, "comments": 93}
    assert Task.objects.filter(project=cast.project).count() == 121


def test_the_list_of_issues_is_written_whole(cast: Cast) -> None:
    file = DATA / "github-issues" / "quicwg-base-drafts-issues-2017-04.json"
    done = bring_in(cast.project, cast.admin, "github", file)
    assert (done.status, done.error) == ("done", None)
    tasks = Task.objects.filter(project=cast.project).order_by("number")
    assert [task.number for task in tasks] == list(range(1, 480))
    assert tasks.filter(category__name="Pull request").count() == 217
    assert tasks.filter(status_category="done").count() == 346
    assert sum("\r\n" in task.description for task in tasks) == 253
    plan = read_plan("github", file)
    assert [task.description for task in tasks] == [task.description for task in plan.tasks]
    labelled = TaskLabel.objects.filter(task__project=cast.project).count()
    assert labelled == sum(len(task.labels) for task in plan.tasks)


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.skipif(sys.platform != "linux", reason="the system tells the peak in kilobytes only on Linux")
def test_all_tables_are_written_in_a_minute_and_300_mebibytes(tmp_path: Path) -> None:
    count, peak, seconds = run_measured(WRITE, DATA / "load-issues-storypoints", DATA_DIR=str(tmp_path))
    assert count == 8170
    assert peak < 300 * 1024
    assert seconds < 60


WRITE = """
import os, sys, time
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "workloom.config.settings"
import django
django.setup()
from django.core.management import call_command
from workloom.people.accounts.actions import create_operator
from workloom.work.projects.actions import ensure_home
from workloom.work.tasks.models import Task
call_command("migrate", verbosity=0)
ensure_home(create_operator("op@example.org", "correct horse battery 9").as_actor())
started = time.monotonic()
with open(os.devnull, "w") as nowhere:
    for file in sorted(Path(sys.argv[1]).glob("*.csv")):
        call_command("import", "csv", str(file), project="INBOX", stdout=nowhere)
print(Task.objects.count(), peak(), round(time.monotonic() - started))
"""

MEASURE = """
import sys
from pathlib import Path
from workloom.outlets.exchange.sources import read_plan
plans = [read_plan("csv", file) for file in sorted(Path(sys.argv[1]).glob("*.csv"))]
print(sum(len(plan.tasks) for plan in plans), peak())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells the peak in kilobytes only on Linux")
def test_all_tables_together_stay_far_below_the_bound_of_memory() -> None:
    count, peak = run_measured(MEASURE, DATA / "load-issues-storypoints")
    assert count == 8170
    assert peak < 150 * 1024

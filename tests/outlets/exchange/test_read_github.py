from datetime import UTC, datetime
from pathlib import Path

import pytest

from workloom.outlets.exchange.plan import Plan
from workloom.outlets.exchange.sources import read_plan


@pytest.fixture
def issues(fixtures: Path) -> Plan:
    return read_plan("github", fixtures / "github-issues.json")


def test_issues_stand_in_the_order_of_their_numbers(issues: Plan) -> None:
    assert [task.source_id for task in issues.tasks] == ["owl/nest#1", "owl/nest#2", "owl/nest#3"]


def test_state_labels_assignees_and_text_arrive(issues: Plan) -> None:
    task = issues.tasks[1]
    assert task.description == "one\r\ntwo\r\n\r\nthree"
    assert task.column == "not_planned"
    assert task.assignees == ("user:wren", "user:jay")
    assert task.reporter is None
    assert task.created_at == datetime(2021, 3, 2, 8, tzinfo=UTC)
    assert task.completed_at == datetime(2021, 3, 2, 11, tzinfo=UTC)
    assert [(one.name, one.colour) for one in issues.labels] == [
        ("door", "#fbca04"),
        ("wontfix", "#ffffff"),
        ("WONTFIX (2)", ""),
    ]


def test_pull_requests_and_types_become_categories(issues: Plan) -> None:
    assert [task.category for task in issues.tasks] == ["Bug", None, "Pull request"]


def test_the_older_single_assignee_counts(issues: Plan) -> None:
    assert issues.tasks[0].assignees == ("user:owl",)


def test_columns_have_the_category_of_the_state(issues: Plan) -> None:
    assert [(one.name, one.category) for one in issues.columns] == [
        ("Open", "todo"),
        ("Closed", "done"),
        ("Closed as not planned", "cancelled"),
    ]


def test_comments_that_are_only_counted_are_a_loss(issues: Plan) -> None:
    losses = {one.code: one.count for one in issues.losses}
    assert losses == {"comments_not_in_file": 3, "pull_requests": 1, "locked": 1, "reactions": 4, "milestones": 1}


def test_what_the_command_line_tool_writes_is_read_with_its_comments(fixtures: Path) -> None:
    plan = read_plan("github", fixtures / "github-gh.json")
    assert plan.losses == ()
    (task,) = plan.tasks
    assert (task.source_id, task.column, task.reporter) == ("owl/nest#7", "open", "user:jay")
    assert [(one.source_id, one.body, one.author) for one in task.comments] == [("IC_1", "Seen.", "user:owl")]


def test_an_empty_list_is_an_empty_plan(tmp_path: Path) -> None:
    file = tmp_path / "none.json"
    file.write_text("[]")
    assert read_plan("github", file).counts()["tasks"] == 0

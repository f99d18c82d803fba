from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from workloom.outlets.exchange.plan import Finding, Plan
from workloom.outlets.exchange.sources import read_plan


@pytest.fixture
def board(fixtures: Path) -> Plan:
    return read_plan("trello", fixtures / "trello-board.json")


def finding(findings: tuple[Finding, ...], code: str) -> Finding:
    return next(one for one in findings if one.code == code)


def test_everything_is_counted(board: Plan) -> None:
    assert board.name == "Small board"
    assert board.counts() == {
        "entries": 28,
        "tasks": 6,
        "archived_tasks": 2,
        "columns": 4,
        "archived_columns": 2,
        "labels": 4,
        "people": 3,
        "checklists": 2,
        "checklist_items": 2,
        "comments": 2,
        "due_dates": 2,
        "attachments": 1,
        "links": 0,
    }


def test_lists_become_columns_in_the_order_of_their_fractional_positions(board: Plan) -> None:
    assert [(one.name, one.category, one.is_archived) for one in board.columns] == [
        ("Ideas", "backlog", False),
        ("Old stuff", "todo", True),
        ("Done", "done", False),
        ("done (2)", "done", True),
    ]


def test_cards_keep_their_order_through_fractional_positions(board: Plan) -> None:
    assert [task.title[:15] for task in board.tasks] == [
        "First in order",
        "Second in order",
        "TTTTTTTTTTTTTTT",
        "No title here",
        "Forgotten",
        "Shipped",
    ]


def test_a_card_without_its_making_is_dated_by_its_id(board: Plan) -> None:
    made = {task.title[:10]: task.created_at for task in board.tasks}
    assert made["Second in "] == datetime(2020, 9, 13, 12, 27, 40, 250_000, tzinfo=UTC)
    assert made["First in o"] == datetime.fromtimestamp(1_600_000_120, UTC)
    assert finding(board.adjustments, "reporter_unknown").count == 5


def test_a_full_card_arrives_whole(board: Plan) -> None:
    task = board.tasks[1]
    people = {person.source_id: person.name for person in board.people}
    labels = {label.source_id: label for label in board.labels}
    assert task.description == "First line\r\nsecond line\r\n"
    assert task.due_at == datetime(2020, 11, 5, 17, 30, tzinfo=UTC)
    assert [people[one] for one in task.assignees] == ["Mira Holm"]
    assert people[task.reporter or ""] == "Ben Okoro"
    assert [(labels[one].name, labels[one].colour) for one in task.labels] == [
        ("Bug", "#eb5a46"),
        ("sky_light label", "#00c2e0"),
    ]
    assert (task.priority, task.estimate) == ("high", Decimal("2.5"))
    assert [(one.body, people[one.author or ""]) for one in task.comments] == [
        ("Earlier comment\u2028 with a line separator", "Once Here"),
        ("Later comment", "Mira Holm"),
    ]
    assert task.comments[1].created_at == datetime(2020, 10, 2, 10, 0, 0, 500_000, tzinfo=UTC)
    assert [(one.name, [(item.text, item.is_done) for item in one.items]) for one in task.checklists] == [
        ("Before", []),
        ("Steps", [("first", True), ("second", False)]),
    ]
    assert people[task.checklists[1].items[1].assignee or ""] == "Ben Okoro"


def test_somebody_who_left_the_board_is_still_a_person(board: Plan) -> None:
    assert {person.name for person in board.people} == {"Mira Holm", "Ben Okoro", "Once Here"}


def test_done_work_knows_when_it_came_to_its_list(board: Plan) -> None:
    shipped = next(task for task in board.tasks if task.title == "Shipped")
    assert shipped.completed_at == datetime(2020, 9, 20, 9, tzinfo=UTC)
    assert len(shipped.assignees) == 1
    assert finding(board.losses, "marked_complete").count == 1


def test_a_start_is_a_day(board: Plan) -> None:
    assert next(task for task in board.tasks if task.title == "First in order").start_date == date(2020, 10, 2)


def test_a_card_in_an_archived_list_is_archived(board: Plan) -> None:
    assert next(task for task in board.tasks if task.title == "Forgotten").is_archived
    assert finding(board.adjustments, "in_archived_list").examples == ("Forgotten",)


def test_a_long_title_is_kept_whole_in_the_description(board: Plan) -> None:
    task = next(task for task in board.tasks if task.title.startswith("TTT"))
    assert task.title == "T" * 254 + "…"
    assert task.description == "T" * 300 + "\n\nthe text"
    assert finding(board.adjustments, "title_shortened").count == 1


def test_a_label_known_only_from_a_card_is_taken(board: Plan) -> None:
    assert [label.name for label in board.labels] == ["Bug", "sky_light label", "bug (2)", "Only on the card"]


def test_what_cannot_come_in_is_named_with_its_place(board: Plan) -> None:
    twice, wrong = sorted(board.problems, key=lambda one: one.code)
    assert twice.code == "duplicate_id"
    assert twice.place.path == "cards[6]"
    assert wrong.code == "entry_shape"
    assert wrong.place.path == "cards[7]"
    assert wrong.place.line > 1
    assert "`$.name`" in wrong.text


def test_every_loss_is_named(board: Plan) -> None:
    assert {one.code: one.count for one in board.losses} == {
        "board_description": 1,
        "left_out": 2,
        "custom_field": 1,
        "marked_complete": 1,
        "item_due": 1,
        "stray_comments": 1,
        "attachments": 1,
        "votes": 2,
        "covers": 1,
        "watching": 1,
        "comments_not_in_file": 1,
        "history": 2,
    }


def test_the_report_says_how_much_hangs_on_each_person(board: Plan) -> None:
    assert {one.person.name: (one.assigned, one.reported, one.commented) for one in board.report().people} == {
        "Mira Holm": (2, 0, 1),
        "Ben Okoro": (1, 1, 0),
        "Once Here": (1, 0, 1),
    }

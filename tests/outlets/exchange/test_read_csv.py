from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from workloom.core.errors import Invalid
from workloom.outlets.exchange.plan import Plan, Task
from workloom.outlets.exchange.sources import Wishes, read_plan
from workloom.outlets.exchange.sources.csv_columns import read_mapping


@pytest.fixture
def table(fixtures: Path) -> Plan:
    return read_plan("csv", fixtures / "tasks.csv")


def read(text: str, **mapping: str) -> Plan:
    return read_plan("csv", BytesIO(text.encode()), Wishes(mapping))


def by_id(plan: Plan, source_id: str) -> Task:
    return next(task for task in plan.tasks if task.source_id == source_id)


def test_a_row_arrives_whole_behind_a_mark_semicolons_and_two_line_cells(table: Plan) -> None:
    task = by_id(table, "K-1")
    assert task.title == 'A "quoted" title'
    assert task.description == "first line\r\nsecond; line"
    assert task.labels == ("label:ui", "label:api", "label:later")
    assert task.priority == "urgent"
    assert task.due_date == date(2026, 11, 30)
    assert task.due_at is None
    assert task.estimate == Decimal(3)
    assert task.created_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_formula_cells_are_kept_as_the_text_they_are(table: Plan) -> None:
    task = by_id(table, "K-2")
    assert task.title == '=HYPERLINK("x")'
    assert task.description == "+1 from me"
    assert next(one for one in table.adjustments if one.code == "formula_text").count == 2


def test_times_have_an_instant_and_dates_the_midnight_of_the_zone() -> None:
    plan = read_plan(
        "csv", BytesIO(b"title,due,created\nA,2026-11-30T09:30:00,2026-01-01\n"), Wishes(zone="Asia/Tokyo")
    )
    (task,) = plan.tasks
    assert task.due_at == datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
    assert task.created_at == datetime(2025, 12, 31, 15, tzinfo=UTC)


def test_people_are_told_apart_by_address_or_name(table: Plan) -> None:
    assert [(one.name, one.email) for one in table.people] == [("Ada Low", "ada@example.com"), ("Doe, Jane", "")]
    assert by_id(table, "K-3").assignees == by_id(table, "K-1").assignees


def test_statuses_that_differ_in_case_are_one_column(table: Plan) -> None:
    assert [(one.name, one.category) for one in table.columns] == [
        ("In Progress", "in_progress"),
        ("Done", "done"),
        ("To do", "todo"),
    ]


def test_labels_that_differ_in_signs_stay_apart() -> None:
    plan = read("title,labels,status\nA,c++;c#;C,To-Do\nB,C++,to do\n")
    assert [label.name for label in plan.labels] == ["c++", "c#", "C"]
    assert [column.name for column in plan.columns] == ["To-Do", "to do (2)"]


def test_parents_are_found_by_id_and_by_title_in_any_order(table: Plan) -> None:
    assert by_id(table, "K-2").parent == "K-1"
    assert by_id(table, "K-3").parent == "K-1"
    assert by_id(table, "K-6").parent is None
    assert (by_id(table, "K-4").parent, by_id(table, "K-5").parent) == (None, "K-4")


def test_every_loss_is_named_with_its_line(table: Plan) -> None:
    losses = {one.code: (one.count, one.examples) for one in table.losses}
    assert losses == {
        "dates_not_read": (1, ("line 6, due: 03/04/2026",)),
        "estimates_not_read": (2, ("line 6: lots", "line 8: 1e400")),
        "priorities_not_read": (1, ("line 6: weird",)),
        "left_out": (2, ("line 7", "line 11")),
        "completed_elsewhere": (1, ("line 9",)),
        "columns_not_used": (1, ("Sprint: 1",)),
        "unknown_parent": (1, ("K-6: K-99",)),
        "parent_cycle": (1, ("K-4",)),
    }


def test_rows_that_cannot_come_in_say_where_and_why(table: Plan) -> None:
    assert [(str(one.place), one.code) for one in table.problems] == [
        ("line 7", "duplicate_id"),
        ("line 11", "too_many_cells"),
    ]


def test_map_tells_which_column_is_which_field() -> None:
    plan = read("a,b,c\n1,2,3\n", title="b", description="c", id="a")
    (task,) = plan.tasks
    assert (task.source_id, task.title, task.description) == ("1", "2", "3")


def test_map_can_leave_a_field_out() -> None:
    plan = read("title,description\nA,B\n", description="")
    assert plan.tasks[0].description == ""
    assert plan.losses[0].examples == ("description: 1",)


def test_a_mapping_is_read_with_quotes_and_refused_with_a_hint() -> None:
    assert read_mapping('title=summary, "description=Body, long"') == {"title": "summary", "description": "Body, long"}
    with pytest.raises(Invalid, match="Did you mean title"):
        read_mapping("titel=summary")
    with pytest.raises(Invalid, match="Did you mean 'summary'"):
        read("summary,x\nA,B\n", title="sumary")


def test_rows_without_ids_are_known_by_content_even_when_alike() -> None:
    plan = read("title\nsame\nsame\nother\n")
    again = read("title\nother\nsame\nsame\n")
    assert len({task.source_id for task in plan.tasks}) == 3
    assert {task.source_id for task in plan.tasks} == {task.source_id for task in again.tasks}


def test_completed_rows_of_a_table_without_status_are_done() -> None:
    plan = read("title,completed at\nA,2026-01-01\nB,\n")
    assert [(task.column, task.completed_at is not None) for task in plan.tasks] == [
        ("status:done", True),
        (None, False),
    ]


def test_utf16_of_a_spreadsheet_is_read() -> None:
    plan = read_plan("csv", BytesIO("title\tnotes\r\nZoë\tça va\r\n".encode("utf-16")))
    assert (plan.tasks[0].title, plan.tasks[0].description) == ("Zoë", "ça va")


def test_a_long_text_is_left_out_with_its_line() -> None:
    plan = read(f'title,description\nA,"{"x" * 100_001}"\nB,{"y" * 100_000}\n')
    assert [task.title for task in plan.tasks] == ["B"]
    assert [(one.place.line, one.code) for one in plan.problems] == [(2, "text_too_long")]


def test_more_than_fifty_labels_and_assignees_are_named() -> None:
    many = ";".join(f"n{number}" for number in range(60))
    plan = read(f'title,labels,assignees\nA,"{many}","{many}"\n')
    assert (len(plan.tasks[0].labels), len(plan.tasks[0].assignees)) == (50, 50)
    assert {one.code: one.count for one in plan.losses} == {"too_many_labels": 10, "too_many_assignees": 10}

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from workloom.outlets.exchange.plan import Plan
from workloom.outlets.exchange.sources import read_plan
from workloom.outlets.exchange.sources.files import Unreadable


def board(fixtures: Path, change: Callable[[dict[str, Any]], None]) -> Plan:
    found = json.loads((fixtures / "trello-board.json").read_text())
    change(found)
    return read_plan("trello", BytesIO(json.dumps(found).encode()))


def noted(plan: Plan) -> dict[str, int]:
    return {one.code: one.count for one in (*plan.losses, *plan.adjustments)}


def test_a_long_checklist_item_is_kept_whole_in_the_description(fixtures: Path) -> None:
    def change(found: dict[str, Any]) -> None:
        found["checklists"][0]["checkItems"] += [
            {"id": "long", "name": "x" * 501, "pos": 90},
            {"id": "blank", "name": " ", "pos": 91},
        ]

    plan = board(fixtures, change)
    task = next(task for task in plan.tasks if task.title == "Second in order")
    assert task.checklists[1].items[-1].text == "x" * 499 + "…"
    assert task.description == "First line\r\nsecond line\r\n" + "\n\n" + "x" * 501
    assert (noted(plan)["item_shortened"], noted(plan)["empty_item"]) == (1, 1)


def test_checklists_and_items_over_the_bound_are_named(fixtures: Path) -> None:
    def change(found: dict[str, Any]) -> None:
        card = found["cards"][0]["id"]
        items = [{"id": str(number), "name": "step", "pos": number} for number in range(1003)]
        found["checklists"] = [{"id": f"c{number}", "idCard": card, "checkItems": []} for number in range(104)]
        found["checklists"][0]["checkItems"] = items

    plan = board(fixtures, change)
    assert (noted(plan)["too_many_checklists"], noted(plan)["too_many_items"]) == (4, 3)
    assert {one.name for task in plan.tasks for one in task.checklists} == {"Checklist"}


def test_long_names_of_lists_are_shortened_and_stay_apart(fixtures: Path) -> None:
    def change(found: dict[str, Any]) -> None:
        found["lists"][0]["name"] = found["lists"][1]["name"] = "n" * 300

    plan = board(fixtures, change)
    names = [column.name for column in plan.columns]
    assert all(len(name) <= 200 for name in names)
    assert len(set(names)) == 4
    assert noted(plan)["name_shortened"] == 2


def test_comments_out_of_bounds_are_left_out_and_named(fixtures: Path) -> None:
    def change(found: dict[str, Any]) -> None:
        first = found["actions"][0]
        found["actions"] += [
            first,
            {**first, "id": "blank", "data": {**first["data"], "text": " "}},
            {**first, "id": "long", "data": {**first["data"], "text": "x" * 100_001}},
        ]

    plan = board(fixtures, change)
    assert sum(len(task.comments) for task in plan.tasks) == 2
    assert sorted(one.code for one in plan.problems if one.place.path.startswith("actions")) == [
        "duplicate_id",
        "text_too_long",
    ]
    assert noted(plan)["empty_comment"] == 1


def test_an_endless_id_is_refused() -> None:
    plan = read_plan("csv", BytesIO(f"id,title\n{'i' * 201},A\n2,B\n".encode()))
    assert [task.title for task in plan.tasks] == ["B"]
    assert plan.problems[0].code == "id_too_long"


def test_too_many_columns_are_refused() -> None:
    rows = "".join(f"T{number},state {number}\n" for number in range(501))
    with pytest.raises(Unreadable, match="500 columns"):
        read_plan("csv", BytesIO(f"title,status\n{rows}".encode()))

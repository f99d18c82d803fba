import csv
import json
from typing import Any

import pytest

from tests.docs.conftest import Reader, blocks_of

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]
PAGE = "docs/tutorial.md"


@pytest.fixture(scope="module")
def said(reader: Reader) -> list[str]:
    return reader.types(PAGE)[PAGE]


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_the_board_comes_in_and_the_people_take_over_what_is_theirs(said: list[str]) -> None:
    assert len(said) == len(blocks_of(PAGE)) == 15
    assert "Nothing was written." in said[2]
    assert "3 new placeholders" in said[3]
    rows = lines(said[4])[0]["results"]
    assert [row["key"] for row in rows] == [f"GARD-{number}" for number in range(1, 11)]
    assert rows[0]["created_at"] == "2026-02-11T20:10:00Z"
    assert [row.get("role") for row in lines(said[5])] == ["user", "user", "manager", "member"]
    assert [row["key"] for row in lines(said[6])[0]["results"]] == ["GARD-5", "GARD-7", "GARD-9"]


def test_the_workflow_guards_and_the_board_warns(said: list[str]) -> None:
    assert len(lines(said[7])[0]["statuses"]) == 5
    refused, ticked, done, forbidden = lines(said[8])
    assert (refused["code"], refused["guards"]) == ("guard_failed", ["checklists_done"])
    assert ticked["done"] is True
    assert done["status"] == "done"
    assert forbidden["code"] == "transition_not_allowed_for_role"
    changed, board = lines(said[9])
    assert changed["columns"][2]["wip_limit"] == 2
    assert [column["count"] for column in board["columns"]] == [2, 3, 1, 3]
    assert lines(said[10])[0]["key"] == "GARD-5"


def test_many_are_changed_found_and_told_of(said: list[str]) -> None:
    results = lines(said[11])[0]["results"]
    assert [row["status"] for row in results] == [200, 200, 400]
    mine, _, untaken, water, statistics = lines(said[12])
    assert [row["key"] for row in mine["results"]] == ["GARD-3"]
    assert [row["key"] for row in untaken["results"]] == ["GARD-1"]
    assert [row["key"] for row in water["results"]] == ["GARD-4"]
    assert statistics["total"] == 9
    story, workflow, nothing = lines(said[13].partition("\nseq,")[0]) + lines(said[13].partition("\nseq,")[2])
    assert story["results"][0]["type"] == "task.status_changed"
    assert [row["action"] for row in workflow["results"]] == ["updated", "updated", "created"]
    assert nothing["results"] == []
    table = [line for line in said[13].splitlines() if line and not line.startswith("{")]
    rows = list(csv.DictReader(table[:3]))
    assert {row["object_key"] for row in rows} == {"GARD-3", "GARD-6"}
    assert "The log is what was written." in said[14]

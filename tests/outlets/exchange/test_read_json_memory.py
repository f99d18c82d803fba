"""A large file costs the size of what is kept of it, not of what is in it."""

import json
import sys
from pathlib import Path

import pytest

from tests.outlets.exchange.measuring import run_measured

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the system tells the peak in kilobytes only on Linux")

MEASURE = """
import sys
from pathlib import Path
from workloom.outlets.exchange.sources import read_plan
plan = read_plan("trello", Path(sys.argv[1]))
print(len(plan.tasks), peak())
"""


def test_forty_megabytes_of_history_cost_no_memory(tmp_path: Path, fixtures: Path) -> None:
    board = json.loads((fixtures / "trello-board.json").read_text())
    change = {"type": "updateCard", "date": "2020-01-01T00:00:00Z", "id": "x", "data": {"text": "y" * 20_000}}
    board["actions"] += [change] * 2000
    file = tmp_path / "board.json"
    file.write_text(json.dumps(board))
    count, peak = run_measured(MEASURE, file)
    assert count == 6
    assert peak < 90 * 1024

"""What each operation costs the database stands in docs/queries.md, and rises only with a reason."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.measuring import measure
from tests.contracts.queries import (
    BECAUSE,
    PAGE,
    WRITE,
    Line,
    RoseWithoutReason,
    differing,
    read_page,
    renewed,
    write_page,
)
from tests.rights.world import build_world
from tests.settings import KIND

OLD = {"GET a/": Line({"sqlite": 5, "postgres": 6}), "GET gone/": Line({"sqlite": 1})}


@pytest.mark.slow
def test_the_page_says_what_each_operation_costs(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    found = measure(build_world())
    lines = read_page(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    if os.environ.get(WRITE):
        lines = renewed(lines, found, KIND, os.environ.get(BECAUSE, ""))
        PAGE.write_text(write_page(lines), encoding="utf-8")
    assert differing(lines, found, KIND) == [], "Enter it: python -m tests.contracts.queries"


def test_the_page_can_be_read_back() -> None:
    lines = {"GET a/{id}/": Line({"sqlite": 5, "postgres": 6, "mysql": 7}, "it says more"), "POST a/": Line({})}
    assert read_page(write_page(lines)) == lines


def test_what_is_new_fell_or_went_is_taken_over() -> None:
    assert renewed(OLD, {"GET a/": 4, "GET b/": 9}, "sqlite", "") == {
        "GET a/": Line({"sqlite": 4, "postgres": 6}),
        "GET b/": Line({"sqlite": 9}),
    }


def test_what_rose_needs_a_reason() -> None:
    with pytest.raises(RoseWithoutReason, match="GET a/: 6, was 5"):
        renewed(OLD, {"GET a/": 6}, "sqlite", "")
    assert renewed(OLD, {"GET a/": 6}, "sqlite", "counts stars")["GET a/"] == Line(
        {"sqlite": 6, "postgres": 6}, "counts stars"
    )


def test_every_difference_is_said() -> None:
    assert differing(OLD, {"GET a/": 6, "GET b/": 1}, "sqlite") == [
        "GET a/: 6, was 5",
        "GET b/: 1, and not on the page",
        "GET gone/: is no operation any more",
    ]

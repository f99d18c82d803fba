"""The page docs/queries.md: how many statements each operation sends to the database.

python -m tests.contracts.queries                      write what fell and what is new, on TEST_DB
python -m tests.contracts.queries --because "reason"   and what rose, with the reason
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "queries.md"
KINDS = {"sqlite": "SQLite", "postgres": "PostgreSQL", "mysql": "MariaDB"}
WRITE, BECAUSE = "QUERIES_WRITE", "QUERIES_BECAUSE"
_HEAD = """# Queries

How many statements one call of each operation sends to each database, the token check and the numbering of its events
included, beginnings and ends of transactions not. Counted in the tests on a small project, as the weakest caller who
may; lists cost the same however long they are, which tests of their own show. On PostgreSQL mostly one less is sent:
the session is asked for with the first question, but not while somebody counts (decision 0012).

Made by `python -m tests.contracts.queries`, for the database that `TEST_DB` names. A test compares it with the code: a
number that falls is entered by that command, one that rises only with `--because "the reason"`, which then stands here.

"""
_LINE = re.compile(r"\| `([A-Z]+ [^`]*)` +\|(.*)\|")
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Line:
    """One operation: its number by kind of database, and why it last rose."""

    counts: Counts
    reason: str = ""


class RoseWithoutReason(Exception):
    """A number that is higher than the page says."""


def read_page(text: str) -> dict[str, Line]:
    """Read the table."""
    found = {}
    for operation, cells in _LINE.findall(text):
        *numbers, reason = (cell.strip() for cell in cells.split("|"))
        counts = {kind: int(number) for kind, number in zip(KINDS, numbers, strict=True) if number}
        found[operation] = Line(counts, reason)
    return found


def write_page(lines: Mapping[str, Line]) -> str:
    """Write the table."""
    return _HEAD + "\n".join(_rows(lines)) + "\n"


def _rows(lines: Mapping[str, Line]) -> Iterator[str]:
    yield f"| Operation | {' | '.join(KINDS.values())} | Why it rose |"
    yield f"| --- | {' | '.join(['---:'] * len(KINDS))} | --- |"
    for operation, line in sorted(lines.items(), key=lambda item: item[0].split(" ")[::-1]):
        numbers = " | ".join(str(line.counts.get(kind, "")) for kind in KINDS)
        yield f"| `{operation}` | {numbers} | {line.reason} |"


def differing(lines: Mapping[str, Line], found: Counts, kind: str) -> list[str]:
    """Say what the page has otherwise than the code."""
    said = []
    for operation in sorted(lines.keys() | found.keys()):
        old = lines[operation].counts.get(kind) if operation in lines else None
        new = found.get(operation)
        if new is None:
            said.append(f"{operation}: is no operation any more")
        elif old is None:
            said.append(f"{operation}: {new}, and not on the page")
        elif old != new:
            said.append(f"{operation}: {new}, was {old}")
    return said


def renewed(lines: Mapping[str, Line], found: Counts, kind: str, reason: str) -> dict[str, Line]:
    """Take over what was measured; raises RoseWithoutReason where a number is higher and no reason is given."""
    new: dict[str, Line] = {}
    for operation, count in found.items():
        line = lines.get(operation, Line({}))
        old = line.counts.get(kind, count)
        if count > old and not reason:
            raise RoseWithoutReason(f"{operation}: {count}, was {old}. Lower it, or say --because.")
        new[operation] = replace(
            line, counts={**line.counts, kind: count}, reason=reason if count > old else line.reason
        )
    return new


def main(arguments: list[str]) -> int:
    """Run the test so that it writes."""
    os.environ[WRITE] = "yes"
    if arguments[:1] == ["--because"] and len(arguments) == 2:
        os.environ[BECAUSE] = arguments[1]
    return int(pytest.main(["-q", "-p", "no:randomly", str(Path(__file__).with_name("test_queries.py"))]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

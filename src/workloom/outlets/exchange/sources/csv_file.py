"""A table of tasks, a row each, as every tracker and spreadsheet can write one."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from workloom.core.text import fold, trimmed
from workloom.outlets.exchange.plan import Column, Label, Mapped, Person, Place, Plan, Task
from workloom.outlets.exchange.sources import words
from workloom.outlets.exchange.sources.csv_cells import Cells
from workloom.outlets.exchange.sources.csv_columns import find_columns
from workloom.outlets.exchange.sources.csv_rows import Row, read_rows
from workloom.outlets.exchange.sources.drafting import Draft
from workloom.outlets.exchange.sources.files import Unreadable, opened

_NO_IDS: Final = (
    "The table has no column of ids: a row is known again by its whole content, so that a changed one is new."
)
_FORMULAS: Final = "Cells that begin like a formula are kept as the text they are."
_UNUSED: Final = "Columns that are no field here, or that map does not name, are not brought over."
_COMPLETED: Final = "Rows with a time of completion and a status that is not for done work stay open."
_FORMULA_SIGNS: Final = ("=", "+", "@")
_WITH_ADDRESS: Final = re.compile(r"(.*?)\s*<([^<>@\s]+@[^<>@\s]+)>")
_OURS: Final = {"id": "source id", "due": "due_date or due_at", "status": "status and column"}


def read_csv(source: Path | BinaryIO, mapping: Mapping[str, str], zone: str = "UTC") -> Plan:
    """Read a table into a plan; `mapping` is field to column, times without a zone are in `zone`."""
    with opened(source) as file, closing(read_rows(file)) as rows:
        header = next(rows, None)
        if header is None:
            raise Unreadable("file_empty", "The file has no header line. Export it again.")
        table = _Table(header, mapping, zone)
        for row in rows:
            table.take(row)
    return table.plan()


class _Table:
    """What was read so far."""

    def __init__(self, header: Row, mapping: Mapping[str, str], zone: str) -> None:
        self.draft = Draft("csv")
        self.header = header.cells
        self.columns = find_columns(header.cells, mapping)
        self.cells = Cells(self.draft, self.columns, zone)
        self.filled: Counter[str] = Counter()
        self.unused: Counter[str] = Counter()
        self.alike: Counter[str] = Counter()
        self.by_title: dict[str, list[str]] = {}
        if "id" not in self.columns.fields:
            self.draft.adjust("no_id_column", _NO_IDS)

    def take(self, row: Row) -> None:
        """Turn one record into a task, or say why not."""
        self.draft.entries += 1
        place = Place(row.line)
        if any(cell.strip() for cell in row.cells[len(self.header) :]):
            text = (
                f"The row has {len(row.cells)} cells, the header {len(self.header)}. Put cells with commas in quotes."
            )
            self.draft.refuse(place, "too_many_cells", text)
            return
        source_id = self.cells.word(row, "id") or self._content_id(row)
        if not self.draft.is_new(source_id, place):
            return
        self._count(row)
        task = self._task(row, source_id)
        self.draft.add_task(task, place)
        if "parent" in self.columns.fields:
            self.by_title.setdefault(fold(task.title), []).append(task.source_id)

    def _task(self, row: Row, source_id: str) -> Task:
        cells = self.cells
        due = cells.moment(row, "due")
        completed = cells.instant(row, "completed_at")
        column = self._column(row)
        if completed and (column is None or column.category not in {"done", "cancelled"}):
            self.draft.lose("completed_elsewhere", _COMPLETED, f"line {row.line}")
            completed = None
        return Task(
            source_id=source_id,
            title=cells.text(row, "title"),
            description=cells.text(row, "description"),
            column=column.source_id if column else None,
            order=self.draft.entries,
            is_archived=words.is_true(cells.text(row, "is_archived")),
            priority=cells.priority(row),
            category=cells.word(row, "category"),
            labels=tuple(self._label(name) for name in cells.labels(row)),
            assignees=tuple(self._person(name) for name in cells.people(row, "assignees")),
            reporter=next((self._person(name) for name in cells.people(row, "reporter")), None),
            parent=cells.word(row, "parent"),
            start_date=cells.day(row, "start_date"),
            due_date=None if isinstance(due, datetime) else due,
            due_at=due if isinstance(due, datetime) else None,
            estimate=cells.estimate(row),
            created_at=cells.instant(row, "created_at"),
            updated_at=cells.instant(row, "updated_at"),
            completed_at=completed,
        )

    def _content_id(self, row: Row) -> str:
        """Rows that are the same in every cell are told apart by counting them."""
        digest = hashlib.sha256("\x1f".join(row.cells).encode()).hexdigest()[:32]
        self.alike[digest] += 1
        return f"row:{digest}:{self.alike[digest]}"

    def _column(self, row: Row) -> Column | None:
        name = self.cells.word(row, "status")
        if name is None and "status" not in self.columns.fields and self.cells.word(row, "completed_at"):
            name = "Done"
        if name is None:
            return None
        source_id = f"status:{fold(name)}"
        if source_id not in self.draft.columns:
            self.draft.add_column(Column(source_id, name, words.category_of(name), len(self.draft.columns)))
        return self.draft.columns[source_id]

    def _label(self, name: str) -> str:
        source_id = f"label:{fold(name)}"
        if source_id not in self.draft.labels:
            self.draft.add_label(Label(source_id, name))
        return source_id

    def _person(self, text: str) -> str:
        found = _WITH_ADDRESS.fullmatch(text)
        name, email = (found[1], found[2]) if found else (text, text if "@" in text.strip("@") else "")
        person = Person(f"person:{fold(email or name)}", trimmed(name) or email, email=email)
        return self.draft.add_person(person)

    def _count(self, row: Row) -> None:
        for field, places in self.columns.fields.items():
            cells = [row.cells[at] for at in places if at < len(row.cells)]
            self.filled[field] += any(cells)
            for cell in cells:
                if cell.startswith(_FORMULA_SIGNS):
                    self.draft.adjust("formula_text", _FORMULAS, f"line {row.line}: {cell[:40]}")
        for at, name in self.columns.unused.items():
            self.unused[name] += at < len(row.cells) and bool(row.cells[at].strip())

    def plan(self) -> Plan:
        """Close the table: parents named by their title are found now, as rows stand in any order."""
        self.draft.aliases = {title: ids[0] for title, ids in self.by_title.items() if len(ids) == 1}
        for name, count in self.unused.items():
            self.draft.lose("columns_not_used", _UNUSED, f"{name[:60]}: {count}" if count else "", count)
        for field, count in self.filled.items():
            theirs = ", ".join(self.header[at] for at in self.columns.fields[field])
            self.draft.maps.append(Mapped(theirs, _OURS.get(field, field), count))
        return self.draft.plan()

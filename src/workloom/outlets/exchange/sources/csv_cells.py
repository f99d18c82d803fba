"""What single cells of a table say, in our terms; what cannot be understood is counted as lost with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from workloom.core.text import trimmed
from workloom.outlets.exchange.sources import words
from workloom.outlets.exchange.sources.csv_columns import Columns
from workloom.outlets.exchange.sources.csv_rows import Row
from workloom.outlets.exchange.sources.drafting import Draft
from workloom.outlets.exchange.sources.numbers import estimate_of, moment_of

_DATES: Final = (
    "Dates other than 2026-11-30, 2026-11-30T09:00:00Z or 30.11.2026 are left out: they could mean two days."
)
_ESTIMATES: Final = "Estimates that are no number from 0 to 1,000,000 are left out."
_PRIORITIES: Final = "Priorities other than low, medium, high, urgent and their usual names become medium."
_LABEL_SEPARATORS: Final = re.compile(r"[;,|\n]")
# "Doe, Jane" is one person, "ada,grace" are two, and so is a list of addresses.
_PEOPLE_SEPARATORS: Final = re.compile(r"[;|\n]|,(?! )|,(?=[^,]*@)")


@dataclass(frozen=True, slots=True)
class Cells:
    """Reads the cells of one row after the other."""

    draft: Draft
    columns: Columns
    zone: str

    def text(self, row: Row, field: str) -> str:
        """The text as it stands."""
        return self.columns.cell(row.cells, field)

    def word(self, row: Row, field: str) -> str | None:
        """The text without white space around it; None when nothing is left."""
        return trimmed(self.text(row, field)) or None

    def moment(self, row: Row, field: str) -> datetime | date | None:
        """A date or a time in UTC."""
        text = self.word(row, field)
        if text is None:
            return None
        found = moment_of(text, self.zone)
        if isinstance(found, datetime):
            return self.draft.utc(found)
        if found is None and not (field == "completed_at" and words.is_true(text)):
            self.draft.lose("dates_not_read", _DATES, f"line {row.line}, {field}: {text}")
        return found

    def instant(self, row: Row, field: str) -> datetime | None:
        """A time in UTC; a date counts from its midnight in the zone."""
        found = self.moment(row, field)
        if found is None or isinstance(found, datetime):
            return found
        return datetime(found.year, found.month, found.day, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def day(self, row: Row, field: str) -> date | None:
        """A date; of a time the day in the zone."""
        found = self.moment(row, field)
        return found.astimezone(ZoneInfo(self.zone)).date() if isinstance(found, datetime) else found

    def estimate(self, row: Row) -> Decimal | None:
        """A size."""
        text = self.word(row, "estimate")
        found = estimate_of(text) if text else None
        if text and found is None:
            self.draft.lose("estimates_not_read", _ESTIMATES, f"line {row.line}: {text}")
        return found

    def priority(self, row: Row) -> str | None:
        """One of our four."""
        text = self.word(row, "priority")
        found = words.priority_of(text) if text else None
        if text and found is None:
            self.draft.lose("priorities_not_read", _PRIORITIES, f"line {row.line}: {text}")
        return found

    def labels(self, row: Row) -> Iterator[str]:
        """Names separated by commas, semicolons, bars or line ends."""
        for cell in self.columns.cells(row.cells, "labels"):
            yield from filter(None, map(trimmed, _LABEL_SEPARATORS.split(cell)))

    def people(self, row: Row, field: str) -> Iterator[str]:
        """Names or addresses."""
        for cell in self.columns.cells(row.cells, field):
            yield from filter(None, map(trimmed, _PEOPLE_SEPARATORS.split(cell)))

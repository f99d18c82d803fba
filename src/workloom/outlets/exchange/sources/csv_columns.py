"""Which column of a table is which field: told by `--map`, otherwise guessed from the usual names."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workloom.core.errors import Invalid
from workloom.core.text import fold, hint_at, nearest
from workloom.outlets.exchange.plan import Place
from workloom.outlets.exchange.sources.files import Unreadable

GUESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("issuekey", "key", "issueid", "taskid", "id", "cardid", "ticket", "externalid", "number"),
    "title": ("title", "summary", "name", "taskname", "cardname", "subject", "task", "content"),
    "description": ("description", "body", "notes", "carddescription", "details", "text"),
    "status": ("status", "state", "sectioncolumn", "section", "column", "listname", "list", "stage", "bucket"),
    "priority": ("priority", "severity", "importance"),
    "category": ("category", "issuetype", "type", "tracker"),
    "labels": ("labels", "label", "tags", "tag"),
    "assignees": ("assignees", "assignee", "assignedto", "assigneeemail", "members", "owner", "responsible"),
    "reporter": ("reporter", "createdby", "author", "creator"),
    "parent": ("parent", "parentkey", "parentid", "parenttask", "parentissue", "epiclink"),
    "start_date": ("startdate", "start", "startedat"),
    "due": ("due", "duedate", "deadline", "dueat", "dueon"),
    "estimate": ("storypoints", "storypoint", "customfieldstorypoints", "points", "estimate"),
    "created_at": ("created", "createdat", "creationdate", "createddate", "opened"),
    "updated_at": ("updated", "updatedat", "lastmodified", "modified"),
    "completed_at": ("completedat", "resolved", "resolutiondate", "closed", "closedat", "completed", "completeddate"),
    "is_archived": ("archived", "isarchived"),
}
FIELDS: Final = tuple(GUESSES)
_NOT_A_LETTER: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands, more than once where the header repeats a name; `unused` are the others."""

    fields: Mapping[str, tuple[int, ...]]
    unused: Mapping[int, str]

    def cell(self, row: Sequence[str], field: str) -> str:
        """The first cell of a field that says something."""
        return next((row[at] for at in self.fields.get(field, ()) if at < len(row) and row[at]), "")

    def cells(self, row: Sequence[str], field: str) -> list[str]:
        """All cells of a field that say something."""
        return [row[at] for at in self.fields.get(field, ()) if at < len(row) and row[at].strip()]


def read_mapping(text: str) -> dict[str, str]:
    """Read `title=summary,description="Body, long"`; `field=` leaves a field out."""
    mapping: dict[str, str] = {}
    for part in next(csv.reader([text], skipinitialspace=True), []):
        field, equals, column = part.partition("=")
        field = field.strip()
        if field not in FIELDS or not equals:
            detail = f"{part!r} is not field=column.{hint_at(field, FIELDS)} Fields: {', '.join(FIELDS)}."
            raise Invalid("map", "unknown_field", detail)
        mapping[field] = column.strip()
    return mapping


def find_columns(header: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """Join what was told with what can be guessed; a table without a title column is refused."""
    names = [_plain(name) for name in header]
    fields: dict[str, tuple[int, ...]] = {}
    for field, column in mapping.items():
        fields[field] = _told(header, field, column)
    taken = {at for places in fields.values() for at in places}
    for field, guesses in GUESSES.items():
        if field in fields:
            continue
        places = next((found for guess in guesses if (found := _free(names, guess, taken))), ())
        fields[field] = places
        taken.update(places)
    if not fields["title"]:
        listed = ", ".join(name[:40] for name in header[:30])
        raise Unreadable(
            "no_title_column",
            f"No column is the title. Say which by map, as title=…; the columns are: {listed}.",
            Place(1),
        )
    unused = {at: name for at, name in enumerate(header) if at not in taken and name.strip()}
    return Columns({field: places for field, places in fields.items() if places}, unused)


def _told(header: Sequence[str], field: str, column: str) -> tuple[int, ...]:
    if not column:
        return ()
    exact = tuple(at for at, name in enumerate(header) if name.strip() == column)
    found = exact or tuple(at for at, name in enumerate(header) if fold(name.strip()) == fold(column))
    if not found:
        hint = f" Did you mean {guess!r}?" if (guess := nearest(column, header)) else ""
        listed = ", ".join(name[:40] for name in header[:30])
        detail = f"The table has no column {column!r} for {field}.{hint} Columns: {listed}."
        raise Invalid("map", "unknown_column", detail)
    return found


def _free(names: Sequence[str], guess: str, taken: set[int]) -> tuple[int, ...]:
    return tuple(at for at, name in enumerate(names) if name == guess and at not in taken)


def _plain(name: str) -> str:
    return _NOT_A_LETTER.sub("", fold(name))

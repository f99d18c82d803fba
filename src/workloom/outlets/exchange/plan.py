"""What an import would do, in our own words and whatever the format: made by `sources`, written by `actions`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file: counted from 1, and for JSON the path as well."""

    line: int
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        spot = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{spot} ({self.path})" if self.path else spot


@dataclass(frozen=True, slots=True)
class BadEntry:
    """An entry that cannot come in and is left out."""

    place: Place
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the file says that does not arrive as it is: how often, and the first few examples."""

    code: str
    text: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the file names; matched to a user by e-mail, otherwise a placeholder."""

    source_id: str
    name: str
    username: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A list or status of the source; `category` is one of ours, guessed from its name.

    `is_category` says that the name means nothing: any status of the category will do.
    """

    source_id: str
    name: str
    category: str
    position: int
    is_archived: bool = False
    is_category: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    source_id: str
    name: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class CheckItem:
    source_id: str
    text: str
    is_done: bool = False
    assignee: str | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """Items stand in their order."""

    source_id: str
    name: str
    items: tuple[CheckItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    source_id: str
    body: str
    author: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """What the file tells of an attachment; the bytes are never in it."""

    name: str
    url: str
    size: int | None = None
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One task to be; people, labels, columns and the parent are named by their source ids."""

    source_id: str
    title: str
    description: str = ""
    column: str | None = None
    order: int = 0
    is_archived: bool = False
    priority: str | None = None
    category: str | None = None
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reporter: str | None = None
    parent: str | None = None
    start_date: date | None = None
    due_date: date | None = None
    due_at: datetime | None = None
    estimate: Decimal | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    completed_at: datetime | None = None
    checklists: tuple[Checklist, ...] = ()
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """`kind` is one of ours: blocks, relates, duplicates."""

    kind: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """One row of "this becomes that", with how many there are."""

    theirs: str
    ours: str
    count: int


@dataclass(frozen=True, slots=True)
class PersonToMatch:
    """A person to match, and how much hangs on it."""

    person: Person
    assigned: int
    reported: int
    commented: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What pass 1 tells before anything is written."""

    kind: str
    name: str
    counts: Mapping[str, int]
    maps: tuple[Mapped, ...]
    losses: tuple[Finding, ...]
    adjustments: tuple[Finding, ...]
    problems: tuple[BadEntry, ...]
    people: tuple[PersonToMatch, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of a file; tasks stand in their order, but a parent before its children.

    `has_board` says that the columns are a board with an order of its own.
    """

    kind: str
    name: str
    people: tuple[Person, ...] = ()
    columns: tuple[Column, ...] = ()
    labels: tuple[Label, ...] = ()
    tasks: tuple[Task, ...] = ()
    links: tuple[Link, ...] = ()
    maps: tuple[Mapped, ...] = ()
    losses: tuple[Finding, ...] = ()
    adjustments: tuple[Finding, ...] = ()
    problems: tuple[BadEntry, ...] = ()
    entries: int = 0
    has_board: bool = False

    def counts(self) -> dict[str, int]:
        """Count what would come in, and what stands in the file."""
        return {
            "entries": self.entries,
            "tasks": len(self.tasks),
            "archived_tasks": sum(task.is_archived for task in self.tasks),
            "columns": len(self.columns),
            "archived_columns": sum(column.is_archived for column in self.columns),
            "labels": len(self.labels),
            "people": len(self.people),
            "checklists": sum(len(task.checklists) for task in self.tasks),
            "checklist_items": sum(len(one.items) for task in self.tasks for one in task.checklists),
            "comments": sum(len(task.comments) for task in self.tasks),
            "due_dates": sum(bool(task.due_at or task.due_date) for task in self.tasks),
            "attachments": sum(len(task.attachments) for task in self.tasks),
            "links": len(self.links),
        }

    def report(self) -> ImportReport:
        """Say what maps, what does not, and which people are to be matched."""
        return ImportReport(
            kind=self.kind,
            name=self.name,
            counts=self.counts(),
            maps=self.maps,
            losses=self.losses,
            adjustments=self.adjustments,
            problems=self.problems,
            people=tuple(self._involvements()),
        )

    def _involvements(self) -> Iterator[PersonToMatch]:
        tally = {person.source_id: [0, 0, 0] for person in self.people}
        for task in self.tasks:
            for source_id in task.assignees:
                tally[source_id][0] += 1
            if task.reporter:
                tally[task.reporter][1] += 1
            for comment in task.comments:
                if comment.author:
                    tally[comment.author][2] += 1
        for person in self.people:
            yield PersonToMatch(person, *tally[person.source_id])

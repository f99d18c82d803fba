"""Gathering a plan piece by piece: bounds are kept here, and losses counted, for every format."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from workloom.core.text import fold, slug, trimmed
from workloom.outlets.exchange.plan import (
    BadEntry,
    Column,
    Comment,
    Label,
    Link,
    Mapped,
    Person,
    Place,
    Plan,
    Task,
)
from workloom.outlets.exchange.sources import limits
from workloom.outlets.exchange.sources.bounds import fitted
from workloom.outlets.exchange.sources.families import in_families
from workloom.outlets.exchange.sources.files import Unreadable
from workloom.outlets.exchange.sources.numbers import utc_of
from workloom.outlets.exchange.sources.tally import Notes

_ADJUSTED: Final = {
    "name_shortened": "Names over 200 characters are shortened.",
    "name_repeated": "Names that stand for several things get a number.",
    "reporter_unknown": "The file does not say who made these; whoever imports them reports them.",
    "characters_replaced": "Characters that no database can hold (NUL, half of a pair) are replaced by U+FFFD.",
}
_LOST: Final = {
    "left_out": "Entries cannot come in and are left out; see the problems.",
    "time_out_of_range": "Times before 1900 or after 2999 are left out.",
}


class Draft:
    """A plan in the making."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.name = ""
        self.has_board = False
        self.entries = 0
        self.people: dict[str, Person] = {}
        self.columns: dict[str, Column] = {}
        self.labels: dict[str, Label] = {}
        self.links: list[Link] = []
        self.maps: list[Mapped] = []
        self._tasks: dict[str, Task] = {}
        self._seen: set[str] = set()
        self.aliases: dict[str, str] = {}
        self._comments: set[str] = set()
        self._problems: list[BadEntry] = []
        self._notes = Notes()
        self._names: dict[str, set[str]] = {"column": set(), "label": set()}
        self._numbers: dict[tuple[str, str], int] = {}

    def lose(self, code: str, text: str, example: str = "", count: int = 1) -> None:
        """Name something of the file that does not arrive."""
        self._notes.lose(code, text, example, count)

    def adjust(self, code: str, text: str = "", example: str = "") -> None:
        """Name something that arrives changed."""
        self._notes.adjust(code, text or _ADJUSTED[code], example)

    def refuse(self, place: Place, code: str, text: str) -> None:
        """Leave one entry out and say where it stands."""
        self.lose("left_out", _LOST["left_out"], str(place))
        if len(self._problems) < limits.LISTED_PROBLEMS:
            self._problems.append(BadEntry(place, code, text))

    def add_person(self, person: Person) -> str:
        """Remember somebody once; a later mention fills in what was not known."""
        known = self.people.get(person.source_id)
        self.people[person.source_id] = person if known is None else _completed(known, person)
        _bound(len(self.people), limits.PEOPLE, "people")
        return person.source_id

    def add_column(self, column: Column) -> None:
        """Take a column under a name of its own."""
        self.columns[column.source_id] = replace(column, name=self._own_name("column", column.name))
        _bound(len(self.columns), limits.COLUMNS, "columns")

    def add_label(self, label: Label) -> None:
        """Take a label under a name of its own."""
        self.labels[label.source_id] = replace(label, name=self._own_name("label", label.name))
        _bound(len(self.labels), limits.LABELS_IN_ALL, "labels")

    def is_new(self, source_id: str, place: Place) -> bool:
        """Say whether a task of that id may come in; the second one of an id, or an endless id, is refused."""
        if source_id in self._seen:
            self.refuse(place, "duplicate_id", f"The id {source_id} stands twice; the first one is taken.")
            return False
        if len(source_id) > limits.NAME:
            self.refuse(place, "id_too_long", f"The id is longer than {limits.NAME} characters. Use a shorter one.")
            return False
        self._seen.add(source_id)
        return True

    def add_task(self, task: Task, place: Place) -> None:
        """Take a task that keeps the bounds, or say why not."""
        task = fitted(task, self.labels, self._notes)
        if len(task.description) > limits.TEXT:
            self.refuse(
                place,
                "text_too_long",
                f"The description is longer than {limits.TEXT} characters. Shorten it or attach it.",
            )
            return
        self._tasks[task.source_id] = task
        _bound(len(self._tasks), limits.TASKS, "tasks")

    def utc(self, moment: datetime | None) -> datetime | None:
        """Bring a time to UTC; one before 1900 or after 2999 means none, and is named."""
        found = utc_of(moment) if moment else None
        if moment and found is None:
            self.lose("time_out_of_range", _LOST["time_out_of_range"], moment.isoformat())
        return found

    def is_first_comment(self, source_id: str) -> bool:
        """Remember the id of a comment; say whether it was new."""
        before = len(self._comments)
        self._comments.add(source_id)
        _bound(len(self._comments), limits.COMMENTS, "comments")
        return len(self._comments) > before

    def tasks(self) -> Iterable[Task]:
        """The tasks taken so far."""
        return self._tasks.values()

    def plan(self) -> Plan:
        """Close the draft: parents that exist and come first, everything frozen."""
        if self._problems and not self._tasks and not self.columns:
            first = self._problems[0]
            raise Unreadable("wrong_kind", f"nothing in the file can be read as {self.kind}: {first.text}", first.place)
        tasks = in_families(self._tasks, self.aliases, self.lose)
        return Plan(
            kind=self.kind,
            name=self.name,
            people=tuple(self.people.values()),
            columns=tuple(sorted(self.columns.values(), key=lambda column: column.position)),
            labels=tuple(self.labels.values()),
            tasks=tuple(tasks),
            links=tuple(self.links),
            maps=tuple(one for one in self.maps if one.count),
            losses=self._notes.lost.findings(),
            adjustments=self._notes.adjusted.findings(),
            problems=tuple(self._problems),
            entries=self.entries,
            has_board=self.has_board,
        )

    def _own_name(self, kind: str, name: str) -> str:
        base = trimmed(name) or "(no name)"
        if len(base) > limits.NAME:
            self.adjust("name_shortened", example=base)
            base = base[: limits.NAME - 1] + "…"
        taken, key = self._names[kind], (kind, _name_key(kind, base))
        number = self._numbers.get(key, 1)
        own = base if number == 1 else f"{base[: limits.NAME - 10]} ({number})"
        while _name_key(kind, own) in taken:
            number += 1
            own = f"{base[: limits.NAME - 10]} ({number})"
        if number > 1:
            self.adjust("name_repeated", example=own)
        taken.add(_name_key(kind, own))
        self._numbers[key] = number
        return own


def fitting_comments(draft: Draft, comments: Iterable[tuple[Comment, Place]]) -> tuple[Comment, ...]:
    """Keep the comments that have a text within the bounds, in the order of their time."""
    kept = []
    for comment, place in comments:
        if len(comment.body) > limits.TEXT:
            draft.refuse(place, "text_too_long", f"The comment is longer than {limits.TEXT} characters. Shorten it.")
        elif not draft.is_first_comment(comment.source_id):
            draft.refuse(
                place, "duplicate_id", f"The comment {comment.source_id[:100]} stands twice; the first is taken."
            )
        elif not trimmed(comment.body):
            draft.lose("empty_comment", "Comments without a text are left out.", str(place))
        else:
            kept.append(comment)
    return tuple(sorted(kept, key=lambda comment: comment.created_at))


def _completed(known: Person, again: Person) -> Person:
    return replace(
        known,
        name=known.name or again.name,
        username=known.username or again.username,
        email=known.email or again.email,
    )


def _name_key(kind: str, name: str) -> str:
    """Columns become statuses, whose names must differ in more than case and signs."""
    return slug(name, fallback=fold(name)) if kind == "column" else fold(name)


def _bound(count: int, bound: int, what: str) -> None:
    if count > bound:
        raise Unreadable("too_many", f"The file has more than {bound:,} {what}. Split it and import the parts.")

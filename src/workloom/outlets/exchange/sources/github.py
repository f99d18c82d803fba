"""GitHub issues: the REST list (`/issues?state=all`), a search answer, or what `gh issue list --json` prints."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from workloom.outlets.exchange.plan import Column, Comment, Label, Mapped, Person, Place, Plan, Task
from workloom.outlets.exchange.sources import words
from workloom.outlets.exchange.sources.drafting import Draft, fitting_comments
from workloom.outlets.exchange.sources.files import Unreadable
from workloom.outlets.exchange.sources.github_shapes import IssueShape, LabelShape, UserShape, rest_spelling
from workloom.outlets.exchange.sources.json_file import Entry, read_entries
from workloom.outlets.exchange.sources.typed import typed

PULL_REQUEST: Final = "Pull request"
_COLUMNS: Final = {
    "open": Column("open", "Open", "todo", 0, is_category=True),
    "closed": Column("closed", "Closed", "done", 1, is_category=True),
    "not_planned": Column("not_planned", "Closed as not planned", "cancelled", 2, is_category=True),
}
_SECTIONS: Final = frozenset({"", "items"})


def read_github(source: Path | BinaryIO) -> Plan:
    """Read a list of issues and pull requests into a plan."""
    issues = _Issues()
    for entry in read_entries(source):
        issues.take(entry)
    return issues.plan()


class _Issues:
    """What was read so far."""

    def __init__(self) -> None:
        self.draft = Draft("github")
        self.found_list = False
        self.members: list[str] = []
        self.pulls = 0

    def take(self, entry: Entry) -> None:
        """Turn one element of the list into a task."""
        if entry.section in _SECTIONS and entry.value == []:
            self.found_list = True
        elif entry.section not in _SECTIONS or entry.index is None:
            self.members.append(entry.section)
            if {"cards", "lists"} & set(self.members):
                raise Unreadable("wrong_kind", "this looks like a Trello board. Import it as trello.", entry.place)
        elif issue := typed(self.draft, replace(entry, value=rest_spelling(entry.value)), IssueShape):
            self._take_issue(issue, entry)

    def _take_issue(self, issue: IssueShape, entry: Entry) -> None:
        self.found_list = True
        repository = issue.repository()
        source_id = f"{repository}#{issue.number}"
        if not self.draft.is_new(source_id, entry.place):
            return
        self.draft.name = self.draft.name or repository
        self.pulls += issue.is_pull()
        state = self._state(issue)
        if issue.user is None:
            self.draft.adjust("reporter_unknown", example=issue.title)
        task = Task(
            source_id=source_id,
            title=issue.title,
            description=issue.body or "",
            column=state,
            order=issue.number,
            category=PULL_REQUEST if issue.is_pull() else issue.kind(),
            labels=tuple(self._label(one) for one in issue.labels),
            assignees=tuple(self._person(one) for one in issue.everybody()),
            reporter=self._person(issue.user) if issue.user else None,
            created_at=self.draft.utc(issue.created_at),
            updated_at=self.draft.utc(issue.updated_at),
            completed_at=self.draft.utc(issue.closed_at) if state != "open" else None,
            comments=fitting_comments(self.draft, self._comments(issue, entry.place)),
        )
        self.draft.add_task(task, entry.place)
        self._name_losses(issue)

    def _state(self, issue: IssueShape) -> str:
        state = issue.state.lower()
        if state not in {"open", "closed", "merged"}:
            self.draft.lose("unknown_state", "States other than open and closed become open.", issue.state)
            state = "open"
        if state != "open":
            state = "not_planned" if (issue.state_reason or "").lower() == "not_planned" else "closed"
        if state not in self.draft.columns:
            self.draft.add_column(_COLUMNS[state])
        return state

    def _label(self, label: LabelShape | str) -> str:
        name = label if isinstance(label, str) else label.name
        source_id = f"label:{name}"
        if source_id not in self.draft.labels:
            colour = None if isinstance(label, str) else label.color
            self.draft.add_label(Label(source_id, name, words.hex_colour(colour)))
        return source_id

    def _person(self, user: UserShape) -> str:
        return self.draft.add_person(
            Person(f"user:{user.login}", user.name or user.login, user.login, user.email or "")
        )

    def _comments(self, issue: IssueShape, place: Place) -> Iterator[tuple[Comment, Place]]:
        if isinstance(issue.comments, int):
            text = "Comments are counted in the file and not contained."
            self.draft.lose("comments_not_in_file", text, f"#{issue.number}" if issue.comments else "", issue.comments)
            return
        for index, found in enumerate(issue.comments):
            author = self._person(found.author) if found.author else None
            source_id = found.id or found.url or f"#{issue.number}/{index}"
            if moment := self.draft.utc(found.created_at):
                comment = Comment(source_id, found.body, author, moment)
                yield comment, Place(place.line, place.column, f"{place.path}.comments[{index}]")

    def _name_losses(self, issue: IssueShape) -> None:
        if issue.milestone:
            self.draft.lose("milestones", "Milestones are not brought over.", issue.milestone.title)
        if issue.is_pull():
            text = "Pull requests come in as tasks; their commits and reviews stay behind."
            self.draft.lose("pull_requests", text, issue.title)
        if issue.locked:
            self.draft.lose("locked", "That a conversation is locked is not brought over.", issue.title)
        if count := issue.reaction_count():
            self.draft.lose("reactions", "Reactions are not brought over.", issue.title, count)

    def plan(self) -> Plan:
        """Close the list."""
        if not self.found_list and self.members:
            raise Unreadable("wrong_kind", f"This is no list of issues: it has {', '.join(self.members[:10])}.")
        tasks = list(self.draft.tasks())
        counts = (
            ("issues", "tasks", len(tasks) - self.pulls),
            ("pull requests", f"tasks of category {PULL_REQUEST}", self.pulls),
            ("labels", "labels", len(self.draft.labels)),
            ("users", "people", len(self.draft.people)),
            ("state open", "the initial status", sum(task.column == "open" for task in tasks)),
            (
                "state closed",
                "the first status of category done or cancelled",
                sum(task.column != "open" for task in tasks),
            ),
        )
        self.draft.maps.extend(Mapped(*one) for one in counts)
        return self.draft.plan()

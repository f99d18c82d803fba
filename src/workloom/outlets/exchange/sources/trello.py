"""The board export of Trello (Print, export and share: Export as JSON)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, Final

from workloom.outlets.exchange.plan import (
    Attachment,
    CheckItem,
    Checklist,
    Column,
    Comment,
    Label,
    Mapped,
    Person,
    Place,
    Plan,
    Task,
)
from workloom.outlets.exchange.sources import words
from workloom.outlets.exchange.sources.drafting import Draft, fitting_comments
from workloom.outlets.exchange.sources.files import Unreadable
from workloom.outlets.exchange.sources.json_file import Entry, read_entries
from workloom.outlets.exchange.sources.trello_fields import CustomFields
from workloom.outlets.exchange.sources.trello_losses import name_losses
from workloom.outlets.exchange.sources.trello_shapes import (
    ActionShape,
    CardShape,
    ChecklistShape,
    LabelShape,
    ListShape,
    MemberShape,
)
from workloom.outlets.exchange.sources.typed import typed

_COMMENTS: Final = frozenset({"commentCard", "copyCommentCard"})
_MAKINGS: Final = frozenset({"createCard", "copyCard", "convertToCardFromCheckItem", "emailCard"})
_EPOCH_DIGITS: Final = 8


def read_trello(source: Path | BinaryIO) -> Plan:
    """Read a whole board into a plan."""
    board = _Board()
    for entry in read_entries(source):
        board.take(entry)
    return board.plan()


class _Board:
    """What was read so far; cards are joined with the rest when all is read, because actions come first in the file."""

    def __init__(self) -> None:
        self.draft = Draft("trello")
        self.draft.has_board = True
        self.sections: set[str] = set()
        self.lists: list[ListShape] = []
        self.cards: list[tuple[CardShape, Place]] = []
        self.checklists: defaultdict[str, list[ChecklistShape]] = defaultdict(list)
        self.comments: defaultdict[str, list[tuple[Comment, Place]]] = defaultdict(list)
        self.makers: dict[str, tuple[str | None, datetime]] = {}
        self.arrivals: dict[tuple[str, str], datetime] = {}
        self.history: Counter[str] = Counter()
        self.fields = CustomFields(self.draft)
        self.takers: dict[str, Callable[[Entry], None]] = {
            "actions": self.take_action,
            "cards": self.take_card,
            "checklists": self.take_checklist,
            "customFields": self.fields.take,
            "labels": self.take_label,
            "lists": self.take_list,
            "members": self.take_member,
        }

    def take(self, entry: Entry) -> None:
        """Hand an entry to the one who knows its section."""
        if not entry.section:
            raise Unreadable(
                "wrong_kind", "this is a list, not a Trello board. GitHub's issues are a list.", entry.place
            )
        self.sections.add(entry.section)
        if entry.index is not None and entry.section in self.takers:
            self.takers[entry.section](entry)
        elif entry.section == "name" and isinstance(entry.value, str):
            self.draft.name = entry.value
        elif entry.section == "desc" and entry.value:
            self.draft.lose("board_description", "The description of the board is not brought over.", str(entry.value))

    def take_list(self, entry: Entry) -> None:
        if found := typed(self.draft, entry, ListShape):
            self.lists.append(found)

    def take_label(self, entry: Entry) -> None:
        if found := typed(self.draft, entry, LabelShape):
            name = found.name or f"{found.color or 'no'} label"
            self.draft.add_label(Label(found.id, name, words.trello_colour(found.color)))

    def take_member(self, entry: Entry) -> None:
        if found := typed(self.draft, entry, MemberShape):
            self.draft.add_person(_person(found))

    def take_card(self, entry: Entry) -> None:
        found = typed(self.draft, entry, CardShape)
        if found and self.draft.is_new(found.id, entry.place):
            self.cards.append((found, entry.place))

    def take_checklist(self, entry: Entry) -> None:
        if found := typed(self.draft, entry, ChecklistShape):
            self.checklists[found.id_card].append(found)

    def take_action(self, entry: Entry) -> None:
        found = typed(self.draft, entry, ActionShape)
        if found is None:
            return
        card = found.data.card.id if found.data.card else ""
        if found.type in _COMMENTS:
            author = self._author(found)
            if moment := self.draft.utc(found.date):
                comment = Comment(found.id, found.data.text or "", author, moment)
                self.comments[card].append((comment, entry.place))
            return
        if found.type in _MAKINGS:
            self.makers[card] = (self._author(found), found.date)
            return
        self.history[found.type] += 1
        if found.data.list_after is not None:
            arrival = (card, found.data.list_after.id)
            self.arrivals[arrival] = max(found.date, self.arrivals.get(arrival, found.date))

    def plan(self) -> Plan:
        """Join what was read."""
        if not {"cards", "lists"} <= self.sections:
            found = ", ".join(sorted(self.sections)[:10]) or "nothing"
            raise Unreadable("wrong_kind", f"This is not a Trello board: it has no lists and cards, but {found}.")
        self._make_columns()
        self._name_maps()
        positions = {column.source_id: column.position for column in self.draft.columns.values()}
        self.cards.sort(key=lambda one: (positions.get(one[0].id_list, len(positions)), one[0].pos))
        for order, (card, place) in enumerate(self.cards):
            self.draft.add_task(self._task(card, order), place)
        self._name_strays()
        name_losses(self.draft, [card for card, _ in self.cards], self.history)
        return self.draft.plan()

    def _name_maps(self) -> None:
        counts = (
            ("cards", "tasks", len(self.cards)),
            ("lists", "statuses and columns", len(self.lists)),
            ("labels", "labels", len(self.draft.labels)),
            ("members", "people", len(self.draft.people)),
            ("checklists", "checklists", sum(map(len, self.checklists.values()))),
            ("commentCard actions", "comments", sum(map(len, self.comments.values()))),
            ("due", "due_at", sum(card.due is not None for card, _ in self.cards)),
            ("closed", "is_archived", sum(card.closed for card, _ in self.cards)),
        )
        self.draft.maps.extend(Mapped(*one) for one in counts)

    def _make_columns(self) -> None:
        for position, found in enumerate(sorted(self.lists, key=attrgetter("pos"))):
            category = words.category_of(found.name)
            self.draft.add_column(Column(found.id, found.name, category, position, is_archived=found.closed))

    def _task(self, card: CardShape, order: int) -> Task:
        column = self.draft.columns.get(card.id_list)
        if column is None:
            self.draft.lose("unknown_list", "The list is not in the file; the card comes in without it.", card.name)
        is_done = column is not None and column.category == "done"
        if card.due_complete and not is_done:
            text = "Cards marked complete in a list that is not for done work stay in it, as open tasks."
            self.draft.lose("marked_complete", text, card.name)
        fields = self.fields.read(card)
        maker, made = self.makers.get(card.id, (None, None))
        if maker is None:
            self.draft.adjust("reporter_unknown", example=card.name)
        arrival = self.arrivals.get((card.id, card.id_list)) or card.last_activity
        return Task(
            source_id=card.id,
            title=card.name,
            description=card.desc or "",
            column=card.id_list if column else None,
            order=order,
            is_archived=self._is_archived(card, column),
            priority=fields.priority,
            labels=tuple(self._labels(card)),
            assignees=tuple(self._somebody(one) for one in card.id_members),
            reporter=maker,
            start_date=start.date() if (start := self.draft.utc(card.start)) else None,
            due_at=self.draft.utc(card.due),
            estimate=fields.estimate,
            created_at=self.draft.utc(made or self._born(card)),
            updated_at=self.draft.utc(card.last_activity),
            completed_at=self.draft.utc(arrival) if is_done else None,
            checklists=tuple(self._checklists(card)),
            comments=fitting_comments(self.draft, self.comments.pop(card.id, ())),
            attachments=tuple(
                Attachment(one.name or "", one.url or "", one.bytes, one.mime_type or "") for one in card.attachments
            ),
        )

    def _is_archived(self, card: CardShape, column: Column | None) -> bool:
        if column and column.is_archived and not card.closed:
            self.draft.adjust(
                "in_archived_list", "Cards in an archived list, which nobody sees, are archived.", card.name
            )
            return True
        return card.closed

    def _labels(self, card: CardShape) -> Iterator[str]:
        """A card repeats its labels whole; one that the board does not list is taken from there."""
        for label in card.labels:
            if label.id not in self.draft.labels:
                name = label.name or f"{label.color or 'no'} label"
                self.draft.add_label(Label(label.id, name, words.trello_colour(label.color)))
        yield from card.id_labels or (label.id for label in card.labels)

    def _checklists(self, card: CardShape) -> Iterator[Checklist]:
        for found in sorted(self.checklists.pop(card.id, ()), key=attrgetter("pos")):
            yield Checklist(found.id, found.name, tuple(self._items(found)))

    def _items(self, found: ChecklistShape) -> Iterator[CheckItem]:
        for item in sorted(found.items, key=attrgetter("pos")):
            if item.due:
                self.draft.lose("item_due", "Due dates of checklist items are not brought over.", item.name)
            assignee = self._somebody(item.member) if item.member else None
            yield CheckItem(item.id, item.name, item.state == "complete", assignee)

    def _name_strays(self) -> None:
        for what, left in (("Comments", self.comments), ("Checklists", self.checklists)):
            count = sum(map(len, left.values()))
            if count:
                text = f"{what} of cards that are not in the file are left out."
                self.draft.lose(f"stray_{what.lower()}", text, next(iter(left)), count)

    def _author(self, action: ActionShape) -> str | None:
        if action.member:
            return self.draft.add_person(_person(action.member))
        return self._somebody(action.creator) if action.creator else None

    def _somebody(self, source_id: str) -> str:
        if source_id not in self.draft.people:
            self.draft.add_person(Person(source_id, f"Former member {source_id[-6:]}"))
        return source_id

    def _born(self, card: CardShape) -> datetime | None:
        """An id begins with the second of its making."""
        try:
            return datetime.fromtimestamp(int(card.id[:_EPOCH_DIGITS], 16), UTC)
        except ValueError:
            self.draft.adjust(
                "creation_unknown", "The time of creation is not known; it is the last activity.", card.name
            )
            return card.last_activity


def _person(member: MemberShape) -> Person:
    name = member.full_name or member.username or f"Former member {member.id[-6:]}"
    return Person(member.id, name, member.username or "", member.email or "")

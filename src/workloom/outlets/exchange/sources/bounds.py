"""Fitting one task into the bounds that the API has for tasks: what is cut short is kept whole in the description."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from workloom.core.text import trimmed
from workloom.outlets.exchange.plan import CheckItem, Checklist, Task
from workloom.outlets.exchange.sources import limits
from workloom.outlets.exchange.sources.tally import Notes

T = TypeVar("T")

_TITLE_SHORTENED: Final = (
    "Titles over 255 characters are shortened; the full title is the first line of the description."
)
_TITLE_MISSING: Final = "Entries without a title get one from their text or their id."
_ITEM_SHORTENED: Final = "Checklist items over 500 characters are shortened; the full text ends the description."
_UNKNOWN_LABEL: Final = "Labels that the file does not describe are left out."
_TOO_MANY: Final = {
    "labels": f"Labels over {limits.LABELS} on one task are left out.",
    "assignees": f"Assignees over {limits.ASSIGNEES} on one task are left out.",
    "checklists": f"Checklists over {limits.CHECKLISTS} on one task are left out.",
    "items": f"Items over {limits.ITEMS} on one checklist are left out.",
}


def fitted(task: Task, labels: Collection[str], notes: Notes) -> Task:
    """Return the task within the bounds; `labels` are those that the file describes."""
    return _with_checklists(_with_relations(_with_title(task, notes), labels, notes), notes)


def _with_title(task: Task, notes: Notes) -> Task:
    title = trimmed(task.title)
    if not title:
        notes.adjust("title_missing", _TITLE_MISSING, task.source_id)
        first = trimmed(task.description).split("\n", 1)[0].strip()
        return replace(task, title=first[: limits.TITLE] or f"(no title) {task.source_id}")
    if len(title) <= limits.TITLE:
        return replace(task, title=title) if title != task.title else task
    notes.adjust("title_shortened", _TITLE_SHORTENED, title)
    description = f"{title}\n\n{task.description}" if task.description else title
    return replace(task, title=title[: limits.TITLE - 1] + "…", description=description)


def _with_relations(task: Task, labels: Collection[str], notes: Notes) -> Task:
    known = [label for label in dict.fromkeys(task.labels) if _is_known(label, labels, notes)]
    kept = tuple(_first(known, limits.LABELS, "labels", task, notes))
    assignees = tuple(_first(list(dict.fromkeys(task.assignees)), limits.ASSIGNEES, "assignees", task, notes))
    if (kept, assignees) == (task.labels, task.assignees):
        return task
    return replace(task, labels=kept, assignees=assignees)


def _is_known(label: str, labels: Collection[str], notes: Notes) -> bool:
    if label in labels:
        return True
    notes.lose("unknown_label", _UNKNOWN_LABEL, label)
    return False


def _with_checklists(task: Task, notes: Notes) -> Task:
    if not task.checklists:
        return task
    texts: list[str] = []
    checklists = [
        replace(one, name=_shortened(trimmed(one.name) or "Checklist"), items=tuple(_items(one, task, texts, notes)))
        for one in _first(list(task.checklists), limits.CHECKLISTS, "checklists", task, notes)
    ]
    description = "\n\n".join([task.description, *texts]) if task.description else "\n\n".join(texts)
    return replace(task, checklists=tuple(checklists), description=description)


def _items(checklist: Checklist, task: Task, texts: list[str], notes: Notes) -> Iterator[CheckItem]:
    for item in _first(list(checklist.items), limits.ITEMS, "items", task, notes):
        text = trimmed(item.text)
        if not text:
            notes.lose("empty_item", "Checklist items without a text are left out.", task.title)
        elif len(text) > limits.ITEM:
            notes.adjust("item_shortened", _ITEM_SHORTENED, text)
            texts.append(text)
            yield replace(item, text=text[: limits.ITEM - 1] + "…")
        else:
            yield replace(item, text=text) if text != item.text else item


def _first(things: list[T], bound: int, noun: str, task: Task, notes: Notes) -> list[T]:
    if len(things) > bound:
        notes.lose(f"too_many_{noun}", _TOO_MANY[noun], task.title, len(things) - bound)
    return things[:bound]


def _shortened(name: str) -> str:
    return name if len(name) <= limits.NAME else name[: limits.NAME - 1] + "…"

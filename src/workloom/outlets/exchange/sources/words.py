"""Guessing what a name means: the category of a column, a priority, a colour."""

import re
from typing import Final

from workloom.core.text import fold

_CATEGORIES: Final = (
    ("cancelled", r"cancel\w*|won.?t (?:do|fix)|wontfix|rejected|declined|abandoned|not planned|duplicate|invalid"),
    ("todo", r"to ?do|not (?:started|done)|open|new|up next|next|planned|reopened|selected.*"),
    (
        "review",
        r"review\w*|qa|test|testing|verify|verification|staging|ready (?:to|for) (?:merge|release|qa)|approv\w*",
    ),
    ("in_progress", r"doing|in progress|in[- ]?development|started|wip|working|ongoing|active|in arbeit|en cours"),
    ("done", r"done|complete[d]?|closed|finished|resolved|fixed|shipped|released|deployed|live|merged|erledigt|fini"),
    ("backlog", r"backlog|icebox|ideas?|some ?day|later|future|wish ?list|inbox|parking lot|triage"),
)
_CATEGORY_PATTERNS: Final = tuple((name, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for name, words in _CATEGORIES)

_PRIORITIES: Final = {
    "low": ("low", "lowest", "minor", "trivial", "p3", "p4", "niedrig"),
    "medium": ("medium", "normal", "default", "moderate", "p2", "mittel"),
    "high": ("high", "major", "important", "p1", "hoch"),
    "urgent": ("urgent", "highest", "critical", "blocker", "immediate", "showstopper", "p0", "dringend"),
}
_PRIORITY_OF: Final = {word: name for name, words in _PRIORITIES.items() for word in words}

_TRELLO_COLOURS: Final = {
    "green": "#61bd4f",
    "yellow": "#f2d600",
    "orange": "#ff9f1a",
    "red": "#eb5a46",
    "purple": "#c377e0",
    "blue": "#0079bf",
    "sky": "#00c2e0",
    "lime": "#51e898",
    "pink": "#ff78cb",
    "black": "#344563",
}
GREY: Final = "#8c9bab"
_HEX: Final = re.compile(r"#?([0-9a-fA-F]{6})")
_TRUE: Final = frozenset({"1", "true", "yes", "y", "x", "on", "archived", "closed"})


def category_of(name: str) -> str:
    """Guess the category of a column; what says nothing is `todo`."""
    plain = fold(name)
    found = [name for name, pattern in _CATEGORY_PATTERNS if pattern.search(plain)]
    return found[0] if found else "todo"


def priority_of(word: str) -> str | None:
    """Read a priority in the words of the usual trackers."""
    return _PRIORITY_OF.get(fold(word).strip())


def trello_colour(name: str | None) -> str:
    """Give the colour that the name stands for; the light and dark variants share it."""
    return _TRELLO_COLOURS.get((name or "").split("_")[0], GREY)


def hex_colour(text: str | None) -> str:
    """Read six hexadecimal digits with or without the sign before them; nothing else is a colour."""
    found = _HEX.fullmatch((text or "").strip())
    return f"#{found[1].lower()}" if found else ""


def is_true(word: str) -> bool:
    """Read a cell that says yes or no."""
    return fold(word).strip() in _TRUE

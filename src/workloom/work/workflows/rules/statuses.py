"""What words mean here, what every project begins with, and what a wish for other statuses comes to: pure decisions."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from msgspec import UNSET, UnsetType

from workloom.core.errors import FieldError, Invalid
from workloom.core.text import fold, slug, trimmed

LONGEST_SLUG = 60
LONGEST_KEY = 255
COMPLETED = "completed"
"""What other task APIs call their one finished status."""


@dataclass(frozen=True, slots=True)
class StatusDraft:
    """A status to be; `colour` is chosen by category when empty."""

    label: str
    category: str
    slug: str = ""
    colour: str = ""


DEFAULT = (
    StatusDraft("Backlog", "backlog", "backlog"),
    StatusDraft("To do", "todo", "todo"),
    StatusDraft("In progress", "in_progress", "in_progress"),
    StatusDraft("Review", "review", "review"),
    StatusDraft("Done", "done", "done"),
    StatusDraft("Cancelled", "cancelled", "cancelled"),
)
DEFAULT_INITIAL = "todo"
CATEGORY_COLOURS = {
    "backlog": "#94a3b8",
    "todo": "#64748b",
    "in_progress": "#2563eb",
    "review": "#7c3aed",
    "done": "#16a34a",
    "cancelled": "#78716c",
}


def word_key(text: str) -> str:
    """Return the form in which a status's name is compared: any case, with - or space for _."""
    plain = fold(trimmed(text))
    key = slug(plain, fallback=plain)
    return key if len(key) <= LONGEST_KEY else key[:190] + hashlib.sha256(key.encode()).hexdigest()


def new_slug(label: str, taken: Collection[str]) -> str:
    """Make a slug out of a label that no other status of the project has."""
    stem = slug(label, fallback="status")[:LONGEST_SLUG].strip("_")
    found, number = stem, 1
    while found in taken:
        number += 1
        found = f"{stem[: LONGEST_SLUG - 6].rstrip('_')}_{number}"
    return found


@dataclass(frozen=True, slots=True)
class StatusWish:
    """One entry of a wished-for list of statuses: absent fields keep what the status has."""

    slug: str | UnsetType = UNSET
    label: str | UnsetType = UNSET
    category: str | UnsetType = UNSET
    colour: str | UnsetType = UNSET
    position: int | UnsetType = UNSET


def wished_statuses(present: Sequence[StatusDraft], wishes: Sequence[StatusWish]) -> list[StatusDraft]:
    """Return all statuses as wished, in their order; raises Invalid naming each entry that cannot be."""
    known = {status.slug: status for status in present}
    named = {str(wish.slug) for wish in wishes if wish.slug is not UNSET}
    made: list[StatusDraft] = []
    errors: list[FieldError] = []
    for at, wish in enumerate(wishes):
        status = _present(known, wish, {*named, *(one.slug for one in made)})
        errors += _faults(at, wish, status, made)
        made.append(_merged(wish, status, {*known, *named, *(one.slug for one in made)}))
    if errors:
        raise Invalid.many(errors)
    return _in_order(made, wishes, [status.slug for status in present])


def _present(known: Mapping[str, StatusDraft], wish: StatusWish, named: Collection[str]) -> StatusDraft | None:
    """Find the status that an entry means: by its slug, or without one by a label that nobody else claims."""
    if wish.slug is not UNSET:
        return known.get(str(wish.slug))
    if wish.label is UNSET:
        return None
    key = word_key(str(wish.label))
    fitting = (status for status in known.values() if word_key(status.label) == key and status.slug not in named)
    return next(fitting, None)


def _faults(at: int, wish: StatusWish, status: StatusDraft | None, made: Sequence[StatusDraft]) -> list[FieldError]:
    errors = []
    if status is None and wish.label is UNSET:
        errors.append(FieldError(f"statuses.{at}.label", "required", "A new status needs a label."))
    if status is None and wish.category is UNSET:
        listed = ", ".join(CATEGORY_COLOURS)
        errors.append(FieldError(f"statuses.{at}.category", "required", f"A new status needs a category: {listed}."))
    if wish.slug is not UNSET and any(one.slug == wish.slug for one in made):
        errors.append(FieldError(f"statuses.{at}.slug", "duplicate", f"The slug {wish.slug} stands twice in the list."))
    label = wish.label if wish.label is not UNSET else status.label if status else UNSET
    if label is not UNSET and any(word_key(one.label) == word_key(str(label)) for one in made):
        errors.append(FieldError(f"statuses.{at}.label", "duplicate", f"Another status is called “{label}” too."))
    return errors


def _merged(wish: StatusWish, status: StatusDraft | None, taken: Collection[str]) -> StatusDraft:
    label = str(wish.label) if wish.label is not UNSET else status.label if status else str(wish.slug)
    category = str(wish.category) if wish.category is not UNSET else status.category if status else "todo"
    own = status.colour if status else CATEGORY_COLOURS[category]
    name = str(wish.slug) if wish.slug is not UNSET else status.slug if status else new_slug(label, taken)
    return StatusDraft(label, category, name, str(wish.colour) if wish.colour is not UNSET else own)


def _in_order(made: list[StatusDraft], wishes: Sequence[StatusWish], slugs: Sequence[str]) -> list[StatusDraft]:
    """Sort by the positions sent, unless they are those that the statuses have: then the list's own order was meant."""
    sent = [(wish.position, status) for wish, status in zip(wishes, made, strict=True) if wish.position is not UNSET]
    if all(status.slug in slugs and slugs.index(status.slug) == position for position, status in sent):
        return made
    places = [at if wish.position is UNSET else int(wish.position) for at, wish in enumerate(wishes)]
    return [made[at] for at in sorted(range(len(made)), key=lambda at: (places[at], at))]

"""What readers of the log may ask for, and cells that no spreadsheet takes for a formula."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from workloom.core.errors import Invalid, Refused
from workloom.core.filters import BadValue
from workloom.events.record import Event

LATEST = "latest"
WINDOW = 20_000
"""How many numbers one call of the feed looks at: a caller who may see little must not make us read everything."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Resync(Refused):
    """A place in the feed that lies before what is kept."""

    status = 410
    title = "No longer kept"

    def __init__(self, kept_from: int) -> None:
        super().__init__(
            "resync",
            "Events from there on are no longer all kept. Read the lists anew, then go on from kept_from or latest.",
            kept_from=kept_from,
        )


def read_after(text: str | None, *, kept_from: int, last: int) -> int:
    """Return the number behind which to read; raises Invalid, or Resync for one that lies before what is kept."""
    if text is None:
        return kept_from
    if text == LATEST:
        return last
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise Invalid("after", "invalid_value", f"after takes the next of an earlier answer, 0 or {LATEST}.")
    if int(text) < kept_from:
        raise Resync(kept_from)
    return int(text)


def types_named(word: str) -> list[str]:
    """Return the event types that a word names: one by its name, or all of a kind by task.*; raises BadValue."""
    kind = word.removesuffix(".*")
    found = [name for name in Event.known if (name.split(".")[0] == kind if word.endswith(".*") else name == word)]
    if not found:
        kinds = ", ".join(sorted({name.split(".")[0] for name in Event.known}))
        raise BadValue(f"Send a type such as task.created, or all of a kind such as task.*. Kinds: {kinds}.")
    return found


def types_of_action(word: str) -> list[str]:
    """Return the event types that an action names: a whole type, or its last part (created); raises BadValue."""
    found = [name for name in Event.known if word in {name, action_of(name)}]
    if not found:
        actions = ", ".join(sorted({action_of(name) for name in Event.known}))
        raise BadValue(f"Send an event type such as task.created, or one of {actions}.")
    return found


def action_of(event_type: str) -> str:
    """Return what was done, without to what."""
    return event_type.split(".", maxsplit=1)[-1]


def object_types() -> Mapping[str, str]:
    """Return the kinds of objects that events speak of."""
    return {kind.object_type: kind.object_type for kind in Event.known.values()}


def cell(value: Any) -> str:
    """Spell a value for a table; text that a spreadsheet would compute gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text

"""docs/events.md: every type of event, as its class describes itself."""

import importlib
import inspect
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import groupby

from workloom.config.rooms import ROOMS
from workloom.events.record import PERSONAL, Audience, Event

_HEAD = """# Events

Made from the code by `make docs`; change the `events.py` of a room, not this page.

Every change writes one event in its own transaction, and the log numbers them without gaps. `GET /api/v1/events/` reads
the log from a number on, `GET /api/v1/tasks/<task>/activity/` tells one task's story, `GET /api/v1/audit-logs/` adds
addresses and sign-ins for who administers. What all events have:

| Field | Holds |
| --- | --- |
| `seq` | The place in the log. One caller sees holes, for what others may see: go on from `next`, never count. |
| `id`, `type`, `occurred_at` | Which event, of which type, when. |
| `actor` | Who did it: `id`, `type` (user, token, system, anonymous), `name`. |
| `workspace`, `project`, `subject` | Where it happened; the subject of what hangs on a task is the task. |
| `object` | What changed: `id`, `type`, `key`, and its `version` after the change. |
| `changes` | For each changed field the old and the new value: `{"status": ["todo", "done"]}`. |
| `context` | `request_id` and `via` (api, admin, command, job, import); `ip` and `user_agent` for project admins. |

"""
_AUDIENCES = {
    Audience.MEMBERS: "members",
    Audience.ADMINS: "admins",
    Audience.PERSON: "the person",
    Audience.OPERATORS: "operators",
}
_WHO = """Read by **members** means whoever sees the task or reads the project or workspace; **admins** are those of the project
or workspace; **the person** is the one who did it; **operators** run the installation and read all.
"""


def events_page() -> str:
    types = sorted(_known().items())
    personal = ", ".join(f"`{name}`" for name in sorted(PERSONAL))
    erased = f"Values of these fields are personal and can be erased without breaking the log: {personal}.\n"
    tables = [line for kind, found in groupby(types, key=_kind_of) for line in _table(kind, [one for _, one in found])]
    return "\n".join([f"{_HEAD}{_WHO}\n{erased}", *tables, ""])


def _known() -> dict[str, type[Event]]:
    """Return the catalogue with every room in it, and nothing that a test made up."""
    for room in ROOMS:
        if find_spec(f"{room}.events"):
            importlib.import_module(f"{room}.events")
    return {name: kind for name, kind in Event.known.items() if kind.__module__.startswith("workloom.")}


def _kind_of(entry: tuple[str, type[Event]]) -> str:
    return entry[0].partition(".")[0]


def _table(kind: str, events: list[type[Event]]) -> Iterator[str]:
    yield f"## {kind}\n"
    yield "| Type | Object | Read by | Means |"
    yield "| --- | --- | --- | --- |"
    for event in events:
        means = " ".join((inspect.cleandoc(event.__doc__ or "")).split())
        yield f"| `{event.type}` | {event.object_type} | {_AUDIENCES[event.audience]} | {means} |"
    yield ""

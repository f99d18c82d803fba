"""Counting the statements of each operation, by the tables of rights: they know how each is called."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rights.server import Call, undone
from tests.rights.table import Row, first_rows, rows
from tests.rights.world import World
from workloom.core.clock import now
from workloom.people.accounts.models import PersonalToken, Session

_ACTORS = ("visitor", "guest", "viewer", "member", "manager", "admin", "workspace_admin", "owner", "operator")
_BOUNDS = re.compile(r"\s*(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK|BEGIN|COMMIT)\b", re.IGNORECASE)


def measure(world: World) -> dict[str, int]:
    """Call each operation twice, and count the second time: what a process keeps is there by then."""
    _see_everybody_just_now()
    found = {}
    for method, route in sorted(first_rows(), key=lambda operation: operation[::-1]):
        row, actor = _successful(method, route)
        call = row.call(world, actor)
        _count(world, actor, call, row)
        found[f"{method} {route}"] = _count(world, actor, call, row)
    return found


def _successful(method: str, route: str) -> tuple[Row, str]:
    """Return a row of an operation and the weakest caller who may; where the tables know of none, a member's refusal."""
    known = [row for row in rows() if (row.method, row.route) == (method, route)]
    for row in known:
        for actor in _ACTORS:
            if row.expected[actor] < 300:
                return row, actor
    return known[0], "member"


def _see_everybody_just_now() -> None:
    """Keep the note of a credential's last use, made once a minute, out of the numbers."""
    Session.objects.update(last_seen_at=now())
    PersonalToken.objects.update(last_used_at=now())


def _count(world: World, actor: str, call: Call, row: Row) -> int:
    with undone(), CaptureQueriesContext(connection) as captured:
        answer = world.send(actor, call)
    assert answer.status_code == row.expected[actor], (str(row), answer.content)
    return sum(not _BOUNDS.match(query["sql"]) for query in captured.captured_queries)

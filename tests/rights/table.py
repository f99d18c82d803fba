"""The tables of `matrix/`: who may do what, as the contract has it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.rights.routes import routes
from tests.rights.server import Call, changes, snapshot, undone, written
from tests.rights.world import ACTORS, World
from workloom.core.http.operations import Operation

FOLDER = Path(__file__).parent / "matrix"
_ROW = re.compile(r"([A-Z,]+) +(\S+) +((?:[+x.?!4]+ ){6}) *([0-9]{3})(?:/([0-9]{3}))?(?: +(\{.*\}))?")
_PLACE = re.compile(r"{(\w+)(?:=(\w+))?}")
FIXED = {"x": 403, "?": 401, "!": 409, "4": 400}
USUAL = {
    "project_id": "project",
    "workspace_id": "workspace",
    "user_id": "colleague",
    "invitation_id": "invitation",
    "board_id": "board",
    "column_id": "column",
    "label_id": "label",
    "category_id": "category",
    "task": "task",
    "comment_id": "comment",
    "checklist_id": "checklist",
    "item_id": "item",
    "link_id": "link",
    "import_id": "import",
    "notification_id": "notification",
    "ticket": "unsubscribe",
    "webhook_id": "webhook",
    "delivery_id": "delivery",
    "session": "session",
    "token": "token",
}
"""What of the world a parameter of a path stands for when the row names nothing else."""


@dataclass(frozen=True)
class Row:
    """What each actor gets for one request."""

    method: str
    path: str
    signs: str
    allowed: int
    unseen: int
    body: Any
    place: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} {'' if self.body is None else json.dumps(self.body)}".strip()

    @property
    def route(self) -> str:
        """The path as the URL configuration has it."""
        return _PLACE.sub(r"{\1}", self.path.partition("?")[0])

    @property
    def operation(self) -> Operation:
        """What the method promises."""
        return routes()[self.route].operation(self.method)

    @property
    def expected(self) -> Mapping[str, int]:
        """The status for each actor."""
        named = {"+": self.allowed, ".": self.unseen, **FIXED}
        return {actor: named[sign] for actor, sign in zip(ACTORS, self.signs, strict=True)}

    def names(self) -> dict[str, str]:
        """What stands for each parameter."""
        return {parameter: given or USUAL[parameter] for parameter, given in _PLACE.findall(self.path)}

    def call(self, world: World, actor: str) -> Call:
        """The request as one actor sends it."""
        filled = {parameter: world.named(name, actor) for parameter, name in self.names().items()}
        return self.sent(filled, world.filled(self.body, actor))

    def sent(self, parameters: Mapping[str, str], body: Any) -> Call:
        """The request with these values in its path and this body."""
        query = dict(parse_qsl(self.path.partition("?")[2]))
        return Call(self.method, self.route.format(**parameters), body, query, is_form=self.operation.multipart)


def _read(path: Path) -> Iterator[Row]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        place = f"{path.name}:{number}"
        match = _ROW.fullmatch(line.strip())
        assert match, f"{place} is no row: {line}"
        methods, address, signs, allowed, unseen, body = match.groups()
        flat = "".join(signs.split())
        assert len(flat) == len(ACTORS), f"{place} has {len(flat)} signs for {len(ACTORS)} actors"
        for method in methods.split(","):
            yield Row(method, address, flat, int(allowed), int(unseen or 404), json.loads(body or "null"), place)


@cache
def rows() -> list[Row]:
    """Every row of every table."""
    return [row for path in sorted(FOLDER.glob("*.txt")) for row in _read(path)]


def mismatches(world: World, among: Iterable[tuple[Row, int]], actor: str) -> list[str]:
    """Say what is wrong with an actor's answers, or with what they left behind; nothing is kept of any."""
    before, found = snapshot(), []
    for row, expected in among:
        with undone():
            with written() as statements:
                answer = world.send(actor, row.call(world, actor))
            is_reading = expected >= 300 or row.method == "GET"
            changed = changes(before, snapshot()) if is_reading and statements else []
        if changed or answer.status_code != expected:
            got = f"{answer.status_code} in place of {expected}, {answer.content.decode()[:200]}"
            found.append(f"{row.place} {row} {actor}: {got} {' '.join(changed)}")
    return found


def first_rows() -> dict[tuple[str, str], Row]:
    """One row for each operation: the first."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows():
        found.setdefault((row.method, row.route), row)
    return found

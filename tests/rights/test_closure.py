"""Nothing is shown, however deep inside of an answer, that its reader could not ask for; lists and details agree."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import Model

from tests.rights.filters import lists
from tests.rights.other_tenant import content_of, ids_in
from tests.rights.server import Call
from tests.rights.table import Row, rows
from tests.rights.world import ACTORS, World

READERS = [
    actor
    for actor in ACTORS
    if actor not in {"visitor", "expired_token", "ended_session", "write_token", "admin_token"}
]
# Where a thing is asked for directly.
PLACES: Mapping[str, tuple[str, ...]] = {
    "user": ("users/{0.pk}/",),
    "session": ("auth/sessions/{0.pk}/",),
    "personaltoken": ("auth/tokens/{0.pk}/",),
    "workspace": ("workspaces/{0.pk}/",),
    "workspacemember": ("workspaces/{0.workspace_id}/members/{0.user_id}/",),
    "invitation": (
        "workspaces/{0.workspace_id}/invitations/{0.pk}/",
        "projects/{0.project_id}/invitations/{0.pk}/",
    ),
    "project": ("projects/{0.pk}/", "projects/?trashed=true"),
    "projectmember": ("projects/{0.project_id}/members/{0.user_id}/",),
    "workflow": ("projects/{0.project_id}/workflow/",),
    "status": ("projects/{0.project_id}/workflow/",),
    "label": ("labels/{0.pk}/",),
    "category": ("categories/{0.pk}/",),
    "board": ("boards/{0.pk}/",),
    "column": ("boards/{0.board_id}/columns/{0.pk}/cards/",),
    "task": ("tasks/{0.pk}/", "tasks/?trashed=true"),
    "link": ("tasks/{0.source_id}/links/{0.pk}/", "tasks/{0.target_id}/links/{0.pk}/"),
    "checklist": ("checklists/{0.pk}/",),
    "checklistitem": ("checklists/{0.checklist_id}/items/{0.pk}/",),
    "comment": ("comments/{0.pk}/", "tasks/{0.task_id}/comments/"),
    "import": ("imports/{0.pk}/",),
    "notification": ("notifications/{0.pk}/",),
    "preference": ("notifications/preferences/{0.project_id}/",),
    "webhook": ("webhooks/{0.pk}/",),
    "delivery": ("webhooks/{0.webhook_id}/deliveries/{0.pk}/",),
}
# Names of requests and events, which stand for nothing that could be asked for.
NAMELESS = {"logrow", "job"}
LOGS = {"events/", "audit-logs/", "tasks/{task}/activity/"}
GONE = {"link", "session", "invitation", "webhook"}
"""Named by events long after they ended, or to who may not ask for them: by an id, without a word of them."""


def _everything() -> dict[str, Model]:
    """All there is, by id."""
    found: dict[str, Model] = {}
    for model in apps.get_models():
        if isinstance(
            model._meta.pk.to_python("0" * 32) if model._meta.pk.get_internal_type() == "UUIDField" else 0, UUID
        ):
            found |= {str(row.pk): row for row in model._default_manager.all()}
    return found


@dataclass
class Reader:
    """Somebody who looks at everything, and whether they can ask for what they saw."""

    world: World
    actor: str
    known: dict[str, Model]
    asked: dict[str, bool] = field(default_factory=dict)

    def read(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        return self.world.send(self.actor, Call("GET", path, query=query or {}))

    def can_ask_for(self, key: str) -> bool:
        thing = self.known.get(key)
        if thing is None or thing._meta.model_name in NAMELESS:
            return True
        return any(self._finds(key, place.format(thing)) for place in PLACES[str(thing._meta.model_name)])

    def _finds(self, key: str, place: str) -> bool:
        path, _, query = place.partition("?")
        seen = place if not query else f"{place} {key}"
        if seen not in self.asked:
            answer = self.read(path, {"page_size": "200", **dict([query.split("=")])} if query else None)
            self.asked[seen] = answer.status_code == 200 and (not query or key in ids_in(content_of(answer)))
        return self.asked[seen]


def _looks(row: Row) -> Iterator[dict[str, str]]:
    promised = row.operation
    expandable = promised.listing.projection.expandable if promised.listing else promised.expandable
    yield {"expand": ",".join(expandable)} if expandable else {}
    if "format" in promised.parameters:
        yield {"format": "jsonl"}


def _asked_of(row: Row, text: str) -> str:
    """What an answer shows; of the log without what it names by id alone, as it was when it was recorded."""
    if row.route not in LOGS:
        return text
    is_file = text.startswith('{"seq"')
    events = [json.loads(line) for line in text.splitlines()] if is_file else json.loads(text)["results"]
    kept = [event for event in events if event["type"] != "project.trashed"]
    return json.dumps([{**event, "object": None} if event["object"]["type"] in GONE else event for event in kept])


@pytest.mark.parametrize("actor", READERS)
def test_everything_shown_can_be_asked_for(actor: str, world: World) -> None:
    reader = Reader(world, actor, _everything())
    hidden = []
    for row in rows():
        if row.method != "GET" or row.expected[actor] != 200:
            continue
        call = row.call(world, actor)
        for look in _looks(row):
            text = _asked_of(row, content_of(reader.read(call.path, {**call.query, **look})))
            shown = sorted(key for key in ids_in(text) if not reader.can_ask_for(key))
            hidden += [f"{row.path} {look} shows {reader.known[key]!r}" for key in shown]
    assert hidden == []


@pytest.mark.parametrize("row", lists(), ids=str)
def test_lists_and_details_agree(row: Row, world: World) -> None:
    """What stands in a list stands the same, field by field, where it is asked for alone."""
    known = _everything()
    for actor in ("owner", "admin", "guest", "operator"):
        if row.expected[actor] != 200 or row.route in {"audit-logs/", "search/", "tasks/{task}/activity/"}:
            continue
        reader = Reader(world, actor, known)
        call = row.call(world, actor)
        for shown in json.loads(reader.read(call.path, call.query).content)["results"]:
            detail = json.loads(reader.read(_detail(row, call.path, shown, known)).content)
            narrower = set(shown) - set(detail) if "placeholders" in row.path else set()
            assert _covers(detail, {name: shown[name] for name in set(shown) - narrower})


def _covers(whole: Any, part: Any) -> bool:
    """Tell whether every value of a part stands in the whole at the same place."""
    if isinstance(part, dict):
        return all(name in whole and _covers(whole[name], value) for name, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(_covers(*pair) for pair in zip(whole, part, strict=True))
    return bool(whole == part)


def _detail(row: Row, path: str, shown: Any, known: Mapping[str, Model]) -> str:
    if "preferences" in row.route:
        return f"{path}{shown['project']}/"
    if "members" in row.route:
        return f"{path}{shown['user']}/"
    if row.route.endswith(("invitations/", "links/")):
        return f"{path}{shown['id']}/"
    return PLACES[str(known[shown["id"]]._meta.model_name)][0].format(known[shown["id"]])

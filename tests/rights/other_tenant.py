"""The other tenant's things, and how to find traces of them in what is answered."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from tests.rights.server import Call
from tests.rights.world import FAR, World
from workloom.core.ids import uuid7

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def ids_in(text: str) -> set[str]:
    """Every id that a text names."""
    return set(_ID.findall(text))


def far_value(world: World, name: str) -> Any:
    """What stands for a name in the other tenant."""
    return world.far["person" if name == "own" else name]


def traces(world: World, answer: Any, call: Call) -> list[str]:
    """Name what an answer shows of the other tenant beside what the caller sent."""
    text = content_of(answer).lower()
    for word in sorted(_sent(call), key=len, reverse=True):
        text = text.replace(word.lower(), "")
    far_ids = {value for value in world.far.values() if isinstance(value, str) and _ID.fullmatch(value)}
    found = sorted(ids_in(text) & far_ids)
    at = text.find(FAR)
    return found if at < 0 else [*found, text[max(0, at - 80) : at + 80]]


def content_of(answer: Any) -> str:
    """The whole body, of files too."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return raw.decode()


def _sent(call: Call) -> Iterator[str]:
    yield from (part for part in call.path.split("/") if len(part) > 5)
    yield from (str(value) for value in call.query.values() if len(str(value)) > 5)
    yield from _texts(call.body)


def _texts(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        if len(body) > 5:
            yield body
    elif isinstance(body, Mapping):
        for value in body.values():
            yield from _texts(value)
    elif isinstance(body, list):
        for value in body:
            yield from _texts(value)


def unknown_like(value: Any) -> Any:
    """Something of the same shape that stands for nothing at all."""
    if isinstance(value, list):
        return [unknown_like(one) for one in value]
    if isinstance(value, str) and _ID.fullmatch(value):
        return str(uuid7())
    return "NOSUCH-1" if isinstance(value, str) else value


def plain(answer: Any, *values: Any) -> tuple[int, Any]:
    """An answer without what differs from request to request: its id, and the values sent."""
    text = content_of(answer)
    for value in values:
        for word in value if isinstance(value, list) else [value]:
            text = text.replace(str(word), "…")
    document = json.loads(text) if text.startswith("{") else text
    if isinstance(document, dict):
        document.pop("request_id", None)
    return answer.status_code, document


def is_id(value: Any) -> bool:
    """Tell an id from other texts."""
    return isinstance(value, UUID) or (isinstance(value, str) and _ID.fullmatch(value) is not None)

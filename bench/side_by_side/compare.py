"""Are the answers the same? Field by field; what may differ is spelling, and what a new row makes its own."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_SETS = {"labels", "assignees"}
_LINKS = {"next", "previous"}
_OWN = {"id", "key", "rank", "created_at", "updated_at", "completed_at", "version"}
"""What each server makes anew when it writes; that it is there, and of which kind, is compared."""


class Differs(Exception):
    """Two servers do not answer the same."""


def plain(value: Any, name: str = "") -> Any:
    """Bring a value into one spelling: moments as moments, lists of people and labels in one order, links as there or not."""
    if name in _LINKS and not isinstance(value, int):
        return value is not None
    if isinstance(value, dict):
        return {key: plain(one, key) for key, one in value.items() if key != "count" or "results" not in value}
    if isinstance(value, list):
        items = [plain(one) for one in value]
        return sorted(items, key=_place) if name in _SETS else items
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return datetime.fromisoformat(value).astimezone(UTC)
    return value


def _place(item: Any) -> str:
    return str(item["id"]) if isinstance(item, dict) else str(item)


def without_own(task: Mapping[str, Any]) -> dict[str, Any]:
    """Leave of a written task's own values only their kinds."""
    return {name: type(value).__name__ if name in _OWN else value for name, value in task.items()}


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Name every field in which two plain values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            found
            for name in sorted(one.keys() | other.keys())
            for found in differences(one.get(name, "not there"), other.get(name, "not there"), f"{path}.{name}")
        ]
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return [f"{path}: {len(one)} and {len(other)} items"]
        pairs = enumerate(zip(one, other, strict=True))
        return [found for at, (left, right) in pairs for found in differences(left, right, f"{path}[{at}]")]
    same = one == other and isinstance(one, bool) is isinstance(other, bool)
    return [] if same else [f"{path}: {one!r} and {other!r}"]


def require_same(work: str, answers: Mapping[str, Any], *, writes: bool, among: str = "W") -> None:
    """Compare every answer with W's; raises Differs with the first fields."""
    shaped = {name: plain(answer) for name, answer in answers.items()}
    if writes:
        shaped = {name: without_own(answer) for name, answer in shaped.items()}
    for name, answer in shaped.items():
        found = differences(shaped[among], answer)
        if found:
            raise Differs(f"{work}: {among} and {name} differ in {len(found)} fields: {'; '.join(found[:6])}")

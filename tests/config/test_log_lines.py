import json
import logging
from typing import Any

import pytest
import structlog

from workloom.config.log_lines import ACCESS, JsonLines, TextLines
from workloom.config.settings.logs import LOGGING

_SHARED = LOGGING["formatters"]["line"]["foreign_pre_chain"]
_META = structlog.stdlib.ProcessorFormatter.remove_processors_meta
_TEXT = {
    "foreign_pre_chain": _SHARED,
    "processors": [_META, structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)],
}
_JSON = {"foreign_pre_chain": _SHARED, "processors": [_META, structlog.processors.JSONRenderer()]}


def record(name: str, path: str = "/api/v1/tasks/") -> logging.LogRecord:
    said = {"method": "GET", "path": path, "status": 200, "ms": 1.5, "request_id": "abc"}
    return logging.getLogger(name).makeRecord(name, logging.INFO, "here.py", 1, "request", (), None, extra=said)


def without_time(line: str) -> str:
    return line.partition(" ")[2]


def test_a_request_is_spelled_as_any_line_is() -> None:
    by_hand, by_structlog = TextLines(**_TEXT), structlog.stdlib.ProcessorFormatter(**_TEXT)
    line, other = by_hand.format(record(ACCESS)), by_structlog.format(record(ACCESS))
    assert without_time(line) == without_time(other)
    assert [len(one.partition(" ")[0]) for one in (line, other)] == [27, 27]
    assert without_time(by_hand.format(record("else"))) == without_time(by_structlog.format(record("else")))


def test_a_request_has_the_same_names_in_json() -> None:
    def read(line: str) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(line)
        return said | {"timestamp": len(said["timestamp"])}

    by_hand, by_structlog = JsonLines(**_JSON), structlog.stdlib.ProcessorFormatter(**_JSON)
    for name in (ACCESS, "else"):
        assert read(by_hand.format(record(name))) == read(by_structlog.format(record(name)))


@pytest.mark.parametrize("path", ["/a\nb", "/a b", "/a\x1b[31m", "/a\u2028b", "/a\rb"])
def test_nobody_forges_a_line_by_an_address(path: str) -> None:
    line = TextLines(**_TEXT).format(record(ACCESS, path))
    assert len(line.splitlines()) == 1
    assert f"path={path!r} " in line

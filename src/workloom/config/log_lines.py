"""How lines of the log are spelled: one for each request by hand, since a busy server writes hundreds a second, all others by structlog."""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

import structlog

ACCESS: Final = "workloom.access"
_TOLD: Final = ("method", "ms", "path", "request_id", "status")


class TextLines(structlog.stdlib.ProcessorFormatter):
    """Lines for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Spell a request as structlog would, but with what callers send kept on one line."""
        if record.name != ACCESS:
            return super().format(record)
        said: dict[str, Any] = record.__dict__
        told = " ".join([f"{name}={_on_one_line(said[name])}" for name in _TOLD])
        return f"{_instant(record)} [{record.levelname.lower():<9}] {record.getMessage()} [{ACCESS}] {told}"


class JsonLines(structlog.stdlib.ProcessorFormatter):
    """Lines for collectors."""

    def format(self, record: logging.LogRecord) -> str:
        """Spell a request with the names that structlog gives."""
        if record.name != ACCESS:
            return super().format(record)
        said: dict[str, Any] = record.__dict__
        line = {name: said[name] for name in _TOLD}
        line |= {"event": record.getMessage(), "logger": ACCESS, "level": record.levelname.lower()}
        return json.dumps(line | {"timestamp": _instant(record)})


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _on_one_line(value: Any) -> str:
    """Spell what has spaces, ends of lines and the like as Python does: nobody forges a line of the log by an address."""
    text = str(value)
    return text if text.isprintable() and " " not in text else repr(text)

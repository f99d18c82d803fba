import logging
from typing import Any

import structlog

from workloom.config.log_lines import JsonLines, TextLines
from workloom.config.settings.readers import Reader

_read = Reader("Logs")

LOG_LEVEL = _read.choice(
    "LOG_LEVEL",
    "The least important lines that are written.",
    default="info",
    choices=("debug", "info", "warning", "error", "critical"),
)
LOG_FORMAT = _read.choice(
    "LOG_FORMAT", "`text` for people, `json` for collectors.", default="text", choices=("text", "json")
)

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# Plain tracebacks only: the richer ones print local variables, passwords among them.
_RENDERER: Any = (
    structlog.processors.JSONRenderer()
    if LOG_FORMAT == "json"
    else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback)
)
_LAST: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
if LOG_FORMAT == "json":
    _LAST.append(structlog.processors.format_exc_info)
_LAST.append(_RENDERER)

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)

# No line tells the name of a thread or of a process, and to find them out takes a quarter of making a record.
logging.logThreads = logging.logMultiprocessing = False

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": JsonLines if LOG_FORMAT == "json" else TextLines,
            "foreign_pre_chain": [*_SHARED, structlog.stdlib.ExtraAdder()],
            "processors": _LAST,
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL.upper()},
    "loggers": {
        "django": {"level": "INFO", "propagate": True, "handlers": []},
        # Each request has its own line from core.http; Django's would be a second one.
        "django.request": {"level": "CRITICAL"},
        "django.server": {"level": "CRITICAL", "handlers": []},
        # A stranger's Host header is answered with 400 and has its line; it is no error of ours.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.db.backends": {"level": "WARNING"},
    },
}

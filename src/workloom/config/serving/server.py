import importlib
import logging
from typing import Any

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from workloom.config.serving.queue_worker import QueueWorker

logger = logging.getLogger("workloom.serving")
_GRACE_S = 2


def warm() -> None:
    """Loads what the first request needs before the workers are forked, so that they start at once and share memory."""
    importlib.import_module("workloom.config.asgi")
    _ = get_resolver().url_patterns
    connections.close_all()


def run() -> None:
    """Blocks until Ctrl-C or SIGTERM; requests that run get two seconds to end."""
    server: Any = Server(
        "workloom.config.asgi:application",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        workers=settings.WORKERS,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE_S,
        log_dictconfig={
            "loggers": {
                "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
                "granian.access": {"handlers": [], "propagate": False},
            }
        },
        log_level=LogLevels.warning,
    )
    if settings.JOBS == "embedded":
        worker = QueueWorker()
        server.on_startup(worker.start)
        server.on_shutdown(worker.stop)
    server.serve()

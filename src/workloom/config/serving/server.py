import gc
import importlib
import logging
import socket
import sys
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
_MOST_CONNECTIONS = 20_000
"""In each process; the server's own default of about a thousand would leave further sockets without an answer."""


class AddressTaken(Exception):
    """Another program listens where this server wants to."""


def require_free_address() -> None:
    """The server itself would share the port with another one, and requests would go to either."""
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    with socket.socket(family) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            raise AddressTaken(
                f"Cannot listen on {settings.HOST}:{settings.PORT}: {error.strerror}. "
                f"Stop what runs there, or choose another port: PORT={settings.PORT + 1}."
            ) from None


def warm() -> None:
    """Loads what the first request needs before the workers are forked, so that they start at once and share memory."""
    importlib.import_module("workloom.config.asgi")
    if settings.WAKER:  # a thread that is at it already would leave the lock of its import to the forked workers
        importlib.import_module("workloom.config.messages.sender")
    _ = get_resolver().url_patterns
    connections.close_all()
    # What is loaded stays: collecting it again would unshare its memory and slow down the end.
    gc.collect()
    gc.freeze()


def _tell_first(server: Any, worker: QueueWorker) -> None:
    """The queue's worker ends while the web workers do, not after them."""
    interrupt = server.signal_handler_interrupt

    def tell_both(*signal: Any) -> None:
        worker.tell_to_stop()
        interrupt(*signal)

    server.signal_handler_interrupt = tell_both


def _server(factory: str) -> Any:
    return Server(
        f"workloom.config.asgi:{factory}",
        factory=True,
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        workers=settings.WORKERS,
        backpressure=_MOST_CONNECTIONS,
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


def run_live() -> None:
    """What stays open, alone: no queue, no pages."""
    _server("in_live_worker").serve()


def run() -> None:
    """Blocks until Ctrl-C or SIGTERM; requests that run get two seconds to end."""
    server = _server("in_worker")
    if settings.JOBS == "embedded":
        worker = QueueWorker()
        server.on_startup(worker.start)
        server.on_shutdown(worker.stop)
        _tell_first(server, worker)
    server.serve()

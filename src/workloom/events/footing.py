"""How a thread of a worker goes on: whatever a step raises is logged, and a lost database is waited for."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from django.db import InterfaceError, OperationalError, close_old_connections, connection

logger = logging.getLogger("workloom.workers")
_PAUSE_S: Final = 1.0
_RENEW_S: Final = 20.0


class Footing:
    """A thread's kept connection, and whether it is lost."""

    def __init__(self) -> None:
        self._is_lost = False
        self._renewed_at = time.monotonic()

    def renew(self) -> None:
        """After a while, ask whether the connection is still good; a server may have closed it."""
        if time.monotonic() - self._renewed_at > _RENEW_S:
            self._renew()

    def _renew(self) -> None:
        close_old_connections()
        self._renewed_at = time.monotonic()

    def is_found(self) -> None:
        """A step went well."""
        if self._is_lost:
            logger.info("The database answers again")
        self._is_lost = False

    def stumble(self, error: Exception) -> None:
        """A step failed: speak of a lost database once, of anything else each time."""
        if not isinstance(error, OperationalError | InterfaceError):
            logger.error("A part of the worker lost its footing and tries again", exc_info=error)
        elif not self._is_lost:
            logger.warning("The database does not answer, the worker waits for it: %s", error)
            self._is_lost = True
        self._renew()


def keep_on(step: Callable[[Footing], None], stop: threading.Event) -> None:
    """Repeat a step until told to stop."""
    footing = Footing()
    try:
        while not stop.is_set():
            try:
                step(footing)
                footing.is_found()
            except Exception as error:  # noqa: BLE001 - the outermost wrapper of a thread, which logs it
                footing.stumble(error)
                stop.wait(_PAUSE_S)
    finally:
        connection.close()

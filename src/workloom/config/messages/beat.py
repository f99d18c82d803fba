"""What `celery beat` runs: a tick at each full second of UTC. What is due then, the database knows."""

import logging
import time
from typing import Any, Final

from celery.beat import Scheduler

from workloom.config.messages.sender import BrokerAway, Sender

logger = logging.getLogger("workloom.messages")
_SILENCE_S: Final = 3.0


class Beat(Scheduler):  # type: ignore[misc] # the library has no types
    """Any number may run: a worker that is told twice finds nothing to do the second time. It keeps no file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sender = Sender()
        self._is_away = False

    def setup_schedule(self) -> None:
        """The schedule is one line, and it stands here."""

    def tick(self, *_args: Any, **_kwargs: Any) -> float:
        """Return the seconds until the next one."""
        try:
            self._sender.tick()
            self._is_away = False
        except BrokerAway as error:
            if not self._is_away:
                logger.warning("The broker takes no ticks, the next attempts come every few seconds: %s", error)
            self._is_away = True
            return _SILENCE_S
        return 1 - time.time() % 1

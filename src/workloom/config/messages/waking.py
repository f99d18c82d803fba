"""Wakes Celery's workers after a commit, from a thread of its own: no request ever waits for the broker."""

import logging
import os
import threading
import time
from importlib import import_module
from typing import Any, Final

logger = logging.getLogger("workloom.messages")
_BREATH_S: Final = 0.02
_SILENCE_S: Final = 3.0


class Waker:
    """Many wishes at once become one message; while the broker is away, there is one attempt each few seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = threading.Event()
        self._process = 0

    def wake(self) -> None:
        """Return at once, whatever the broker does."""
        if self._process != os.getpid():
            self._begin()
        self._asked.set()

    def _begin(self) -> None:
        """A thread does not live on in a forked process, which therefore gets one of its own."""
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self._asked = threading.Event()
            threading.Thread(target=self._run, args=(self._asked,), name="workloom-waker", daemon=True).start()

    @staticmethod
    def _run(asked: threading.Event) -> None:
        module: Any = import_module(
            "workloom.config.messages.sender"
        )  # takes a while, and no request has to wait for it
        sender, is_away = module.Sender(), False
        while True:
            asked.wait()
            asked.clear()
            try:
                sender.look()
                is_away = False
                time.sleep(_BREATH_S)
            except module.BrokerAway as error:
                if not is_away:
                    logger.warning("The broker takes no messages, work waits until it does: %s", error)
                is_away = True
                asked.set()
                time.sleep(_SILENCE_S)


_waker = Waker()


def wake() -> None:
    """Called by `events.hints.tell`."""
    _waker.wake()

"""Sends wake-ups to the broker, one thread's, and none while enough of them wait to be read."""

import logging
from typing import Any, Final

from kombu.exceptions import OperationalError

from workloom.config.messages.app import EXPIRE_S, app, look_around, tick

logger = logging.getLogger("workloom.messages")
_ENOUGH: Final = 20


class BrokerAway(Exception):
    """The broker did not take the message; what it would have woken finds its work by itself later."""


class Sender:
    """Keeps one connection, and makes a new one after a failure."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._producer: Any = None

    def look(self) -> None:
        """Ask some worker to look for new events and due jobs."""
        self._send(look_around)

    def tick(self) -> None:
        """Ask some worker to see to regular duties, and to look."""
        self._send(tick)

    def _send(self, task: Any) -> None:
        try:
            self._connect()
            queue = app.amqp.queues[app.conf.task_default_queue]
            if queue.queue_declare(channel=self._producer.channel).message_count < _ENOUGH:
                task.apply_async(producer=self._producer, expires=EXPIRE_S, retry=False)
        except self._failures() as error:
            self._close()
            raise BrokerAway(str(error)) from error

    def _connect(self) -> None:
        if self._producer is None:
            self._connection = app.connection_for_write()
            self._connection.connect()
            self._producer = app.amqp.Producer(self._connection.channel())

    def _failures(self) -> tuple[type[BaseException], ...]:
        own = (*self._connection.connection_errors, *self._connection.channel_errors) if self._connection else ()
        return (OperationalError, OSError, *own)

    def _close(self) -> None:
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            connection.collect()

"""Waits for hints, reads the log once for all who listen, judges, and hands each connection what is for it."""

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import Error as DatabaseFault
from django.db import close_old_connections, connections

from workloom.events.hints import Listener
from workloom.outlets.realtime.hub.connection import Connection, Ending
from workloom.outlets.realtime.hub.workers import Workers
from workloom.outlets.realtime.queries.alive import ended
from workloom.outlets.realtime.queries.changes import present_seq, read_changes
from workloom.outlets.realtime.queries.standing import Seated
from workloom.outlets.realtime.queries.telling import Messages, messages_for
from workloom.outlets.realtime.rows import Heartbeat, Message, Resync
from workloom.outlets.realtime.rules import HEARTBEAT_S, PAGE, SWEEP_S, Batch, Close, Debounce, Reload, Seat

logger = logging.getLogger("workloom.live")
_PAUSE_S: Final = 1.0
ENDED: Final = Ending(Close.NOT_SIGNED_IN, "The session or token that opened this has ended. Sign in again.")


@dataclass(frozen=True, slots=True)
class Listening:
    """Who listens; the same object until somebody comes or goes."""

    connections: Mapping[Seat, Connection]
    seated: Seated


class Hub:
    """One in a process. `enter`, `leave` and all that touches connections happen on the event loop; the thread only reads."""

    def __init__(self, *, sweep_s: float = SWEEP_S) -> None:
        self.workers = Workers()
        self.replays = Workers(at_most=1)
        """The past is told on a thread of its own: whoever asks for much of it keeps nobody from signing in."""
        self.told = 0
        """The number up to which everything has been handed to the connections."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sweep_s = sweep_s
        self._lock = threading.Lock()
        self._seats: dict[Seat, Connection] = {}
        self._people: Counter[UUID] = Counter()
        self._listening: Listening | None = None
        self._seq: int | None = None
        self._awake = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._swept_at = 0.0
        self._imports = Debounce()

    # On the event loop

    def enter(self, connection: Connection, seat: Seat, floor: int) -> int:
        """Let a connection listen from now on; whatever has a higher number than the one returned will reach it.

        `floor` is a present number of the log, read before: where a hub begins that nobody has listened to.
        """
        self._loop = asyncio.get_running_loop()
        with self._lock:
            old, connection.seat = connection.seat, seat
            # A sweep may have taken the old one away a moment ago; the next takes this one.
            if old is None or self._seats.pop(old, None) is None:
                self._people[seat.actor.person] += 1
            self._seats[seat] = connection
            self._listening = None
            if self._seq is None:
                self._seq = self.told = floor
            seq = self._seq
        self._start()
        return seq

    def leave(self, seat: Seat | None) -> None:
        """Forget a connection; it may have been forgotten already."""
        with self._lock:
            if seat is None or self._seats.pop(seat, None) is None:
                return
            self._listening = None
            person = seat.actor.person
            self._people[person] -= 1
            if not self._people[person]:
                del self._people[person]

    def count_of(self, person: UUID) -> int:
        """How many connections somebody has here."""
        return self._people[person]

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="live-hub", daemon=True)
            self._thread.start()
            self._beat_later()
        self._awake.set()

    def _beat_later(self) -> None:
        if self._loop is not None and not self._stopped:
            self._loop.call_later(HEARTBEAT_S, self._beat)

    def _beat(self) -> None:
        heartbeat = Message(Heartbeat(self.told))
        with self._lock:
            listening = list(self._seats.values())
        for connection in listening:
            if not connection.is_held:
                connection.tell(heartbeat)
        self._beat_later()

    def _hand_over(self, messages: Messages, served: Mapping[Seat, Connection], last: int) -> None:
        for seat, mine in messages.items():
            served[seat].take(mine)
        self.told = max(self.told, last)

    # On the hub's thread

    def _run(self) -> None:
        listener = Listener()
        try:
            while not self._stopped:
                if self._is_idle():
                    listener.close()
                    connections.close_all()
                    self._awake.wait()
                    continue
                listener.wait(max(0.0, min(self._sweep_s, self._swept_at + self._sweep_s - time.monotonic())))
                self._look()
        finally:
            listener.close()
            connections.close_all()

    def _is_idle(self) -> bool:
        with self._lock:
            if self._seats:
                return False
            self._seq = None
            self._awake.clear()
            return not self._stopped

    def _look(self) -> None:
        """The outermost wrapper: what fails here must not leave all sockets silent."""
        close_old_connections()
        try:
            self._tell_all()
        except DatabaseFault:
            logger.warning("Live connections wait for the database", exc_info=True)
            connections.close_all()
            time.sleep(_PAUSE_S)

    def _tell_all(self) -> None:
        try:
            if time.monotonic() - self._swept_at >= self._sweep_s:
                self._sweep()
            while self._round() == PAGE:
                pass
        except DatabaseFault:
            raise
        except Exception:
            logger.exception("What happened could not be told; everybody is asked to read anew")
            self._start_over()

    def _round(self) -> int:
        """Tell one page of what has happened; returns how many events that were."""
        after = self._seq
        if after is None:
            return 0
        batch = read_changes(after)
        if batch.ends_sessions:
            self._sweep()
        self._imports.add(batch.imported.keys())
        batch.reloads += [
            Reload(batch.imported.get(one, batch.last), project=one) for one in self._imports.ready(time.monotonic())
        ]
        with self._lock:
            listening = self._who_listens()
            self._seq = batch.last
        try:
            self._tell(batch, listening)
        except Exception:
            self._seq = after
            raise
        return batch.size

    def _who_listens(self) -> Listening:
        if self._listening is None:
            connections = dict(self._seats)
            self._listening = Listening(connections, Seated(connections))
        return self._listening

    def _tell(self, batch: Batch, listening: Listening) -> None:
        """Whoever comes after the list was made begins behind the batch."""
        if batch.is_silent and batch.last == self.told:
            return
        messages: Messages = {} if batch.is_silent else messages_for(batch, listening.seated)
        self._on_loop(self._hand_over, messages, listening.connections, batch.last)

    def _sweep(self) -> None:
        """End what was opened by a session or token that has ended; from here on nothing more is judged for it."""
        with self._lock:
            seats = list(self._seats)
        self._swept_at = time.monotonic()
        for seat in ended(seats):
            with self._lock:
                connection = self._seats.get(seat)
            self.leave(seat)
            if connection is not None:
                self._on_loop(connection.end, ENDED)

    def _start_over(self) -> None:
        """Go on behind everything that there is: what could not be read once would not be the second time either."""
        last = present_seq()
        message = [Message(Resync(None, last))]
        with self._lock:
            todo = dict(self._seats)
            self._seq = last
        self._on_loop(self._hand_over, dict.fromkeys(todo, message), todo, last)

    def _on_loop(self, call: Callable[..., object], *args: object) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(call, *args)

    def close(self) -> None:
        """End the threads; their database connections go with them."""
        self._stopped = True
        self._awake.set()
        if self._thread is not None:
            self._thread.join()
        self.workers.close()
        self.replays.close()

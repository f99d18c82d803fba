"""One client's side on the event loop: what waits for it, in order, and its end."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from workloom.outlets.realtime.rows import Message
from workloom.outlets.realtime.rules import MOST_WAITING, MOST_WAITING_BYTES, Close, Seat

_LAST_WORDS_S: Final = 1.0

Write = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a connection ends, as a close code and as words."""

    code: Close
    reason: str


class Connection:
    """Belongs to the event loop; only `seat` is read elsewhere."""

    __slots__ = ("_bytes", "_drain", "_held", "_on_end", "_waiting", "_write", "ending", "floor", "seat")

    def __init__(self, write: Write, on_end: Callable[[Ending], None]) -> None:
        self.seat: Seat | None = None
        self.floor = 0
        """What happened up to there has been told already."""
        self.ending: Ending | None = None
        self._write = write
        self._on_end = on_end
        self._waiting: deque[Message] = deque()
        self._held: list[Message] | None = None
        self._bytes = 0
        self._drain: asyncio.Task[None] | None = None

    @property
    def is_held(self) -> bool:
        return self._held is not None

    def take(self, messages: Sequence[Message]) -> None:
        """Queue what the hub has: of what was judged before a subscription changed, what still belongs to it."""
        fresh = [one for one in messages if (one.at is None or one.at > self.floor) and self._hears(one)]
        if self._held is None:
            self.tell(*fresh)
        elif len(self._held) + len(fresh) > MOST_WAITING:
            self.end(Ending(Close.TOO_SLOW, "More happened than was read. Come back with after."))
        else:
            self._held += fresh

    def _hears(self, message: Message) -> bool:
        return message.project is None or (self.seat is not None and self.seat.hears(message.project))

    async def tell_in_turn(self, messages: Sequence[Message]) -> None:
        """Queue any number of messages as fast as the client reads them."""
        for message in messages:
            if len(self._waiting) > MOST_WAITING // 2 or self._bytes > MOST_WAITING_BYTES // 2:
                await self.flush()
            self.tell(message)

    def tell(self, *messages: Message) -> None:
        """Queue messages; one coroutine at a time writes them, and none while nothing waits."""
        if self.ending is not None or not messages:
            return
        self._waiting.extend(messages)
        self._bytes += sum(len(one.body) for one in messages)
        if len(self._waiting) > MOST_WAITING or self._bytes > MOST_WAITING_BYTES:
            self.end(Ending(Close.TOO_SLOW, "More waits than is read. Come back with after."))
        elif self._drain is None:
            self._drain = asyncio.get_running_loop().create_task(self._write_all())

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                message = self._waiting.popleft()
                self._bytes -= len(message.body)
                await self._write(message)
        except (OSError, RuntimeError):
            self.end(Ending(Close.GOING_AWAY, "The client has left."))
        finally:
            self._drain = None

    async def flush(self) -> None:
        """Wait until everything queued is with the client."""
        while self._drain is not None and self.ending is None:
            await asyncio.wait({self._drain})

    def hold(self) -> None:
        """Keep what comes from now on until what was missed has been told."""
        self._held = []

    def release(self, floor: int) -> None:
        """Go on behind what was told of the past."""
        held, self._held = self._held or [], None
        self.floor = max(self.floor, floor)
        self.tell(*(one for one in held if one.at is None or one.at > self.floor))

    def end(self, ending: Ending) -> None:
        """Drop what waits; the door says good-bye, and gives the seat back."""
        if self.ending is not None:
            return
        self.ending = ending
        self._waiting.clear()
        self._held = None
        if self._drain is not None:
            self._drain.cancel()
        self._on_end(ending)


async def within_a_moment(last_words: Awaitable[None]) -> None:
    """Say the last words to a client that may have stopped reading or has gone."""
    with contextlib.suppress(TimeoutError, OSError, RuntimeError):
        async with asyncio.timeout(_LAST_WORDS_S):
            await last_words

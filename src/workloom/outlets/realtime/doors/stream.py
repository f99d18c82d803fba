"""`events/stream/` held open: the request was judged like any other, its answer goes on from the event loop."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from uuid import UUID

from workloom.outlets.realtime.doors.asgi import Receive, Send
from workloom.outlets.realtime.doors.replaying import present_floor, take_new_seat, take_seat_behind
from workloom.outlets.realtime.hub.connection import Connection, Ending
from workloom.outlets.realtime.hub.hub import Hub
from workloom.outlets.realtime.rows import Error, Heartbeat, Message
from workloom.outlets.realtime.rules import MOST_CONNECTIONS, RETRY_MS, Close, Seat

logger = logging.getLogger("workloom.live")
Headers = list[tuple[bytes, bytes]]


@dataclass
class Handover:
    """Put beside a request by a server that can hold its answer open; the door fills in for whom."""

    hub: Hub
    seat: Seat | None = None
    after: int | None = None

    @property
    def is_taken(self) -> bool:
        return self.seat is not None

    def is_full(self, person: UUID) -> bool:
        return self.hub.count_of(person) >= MOST_CONNECTIONS

    def take(self, seat: Seat, after: int | None) -> None:
        self.seat, self.after = seat, after


@dataclass
class Stream:
    """One answer, from its head to its end."""

    hub: Hub
    send: Send
    connection: Connection = field(init=False)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.connection = Connection(self._write, self._stop)

    def _stop(self, _ending: Ending) -> None:
        self._over.set()

    async def _write(self, message: Message) -> None:
        if message.name == Heartbeat.__struct_config__.tag:
            await self._part(b": heartbeat\nid: %d\n\n" % (message.seq or 0))
        else:
            await self._part(message.event)

    async def _part(self, body: bytes) -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": True})

    async def hold(self, handover: Handover, head: tuple[int, Headers], receive: Receive) -> None:
        """Answer until the client leaves or is to leave."""
        if handover.seat is None:
            return
        status, headers = head
        kept = [(name, value) for name, value in headers if name != b"content-length"]
        await self.send({"type": "http.response.start", "status": status, "headers": kept})
        await self._part(b"retry: %d\n\n" % RETRY_MS)
        gone = asyncio.create_task(self._until_gone(receive))
        telling = asyncio.create_task(self._tell(handover.seat, handover.after))
        telling.add_done_callback(self._end_if_failed)
        try:
            await self._over.wait()
            await self._say_why()
        finally:
            for task in (gone, telling):
                task.cancel()
            self.hub.leave(self.connection.seat)

    async def _tell(self, seat: Seat, after: int | None) -> None:
        floor = await present_floor(self.hub)
        if after is None:
            seq = take_new_seat(self.hub, self.connection, seat, floor)
            await self._part(b": listening\nid: %d\n\n" % seq)
        else:
            await take_seat_behind(self.hub, self.connection, seat, after=after, floor=floor)

    def _end_if_failed(self, telling: "asyncio.Task[None]") -> None:
        """Who could not be given a place is sent away: an open stream would be silent for ever."""
        error = None if telling.cancelled() else telling.exception()
        if error is not None:
            logger.warning("A stream was ended because it could not begin", exc_info=error)
            self.connection.end(Ending(Close.TRY_AGAIN, "Not available now. Try again in a moment."))

    async def _until_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._over.set()

    async def _say_why(self) -> None:
        ending = self.connection.ending
        with contextlib.suppress(TimeoutError, OSError, RuntimeError):
            async with asyncio.timeout(1):
                if ending is not None:
                    await self._part(Message(Error(ending.code.name.lower(), ending.reason)).event)
                await self.send({"type": "http.response.body", "body": b"", "more_body": False})

"""`/ws/tasks/`: one coroutine for each socket, which waits for what the client sends; what it is told comes from the hub."""

import asyncio
import logging
import time
from typing import Any, Final

from django.db import Error as DatabaseFault

from workloom.core.errors import Refused, TooMany, Unauthenticated
from workloom.outlets.realtime.access import access_seat
from workloom.outlets.realtime.doors.asgi import Receive, Scope, Send
from workloom.outlets.realtime.doors.handshake import (
    PATH,
    SUBPROTOCOL,
    Handshake,
    OtherOrigin,
    check_pace,
    read_handshake,
    sign_in,
    sign_in_by_cookie,
)
from workloom.outlets.realtime.doors.replaying import confirmation, present_floor, take_new_seat, take_seat_behind
from workloom.outlets.realtime.hub.connection import Connection, Ending, within_a_moment
from workloom.outlets.realtime.hub.hub import Hub
from workloom.outlets.realtime.rows import (
    Authenticate,
    Authenticated,
    Error,
    Message,
    Ping,
    Pong,
    Sent,
    Subscribe,
    read_sent,
)
from workloom.outlets.realtime.rules import (
    LONGEST_MESSAGE,
    MOST_CONNECTIONS,
    MOST_PROJECTS,
    SIGN_IN_WITHIN_S,
    Close,
    Pace,
    Seat,
)

logger = logging.getLogger("workloom.live")
_HOW: Final = (
    "Sign in by Sec-WebSocket-Protocol: bearer, <token>, or send {type: authenticate, token} as the first message."
)


class Left(Exception):
    """The client has gone, or is to go: then with an ending."""

    def __init__(self, ending: Ending | None = None, error: Error | None = None) -> None:
        super().__init__()
        self.ending = ending
        self.error = error


class WebSocketDoor:
    """The ASGI application of all sockets."""

    def __init__(self, hub: Hub, *, sign_in_within_s: float = SIGN_IN_WITHIN_S) -> None:
        self._hub = hub
        self._sign_in_within_s = sign_in_within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        socket = Socket(self._hub, receive, send)
        try:
            await socket.open(scope, self._sign_in_within_s)
            while True:
                await socket.answer(await socket.next())
        except Left as left:
            if left.error is not None:
                await within_a_moment(socket.write(Message(left.error)))
            if left.ending is not None:
                socket.connection.end(left.ending)
        except DatabaseFault:
            logger.warning("A socket was closed because the database did not answer", exc_info=True)
            socket.connection.end(Ending(Close.TRY_AGAIN, "Not available now. Try again in a moment."))
        except asyncio.CancelledError:
            if socket.connection.ending is None:
                raise
        finally:
            await socket.close()


class Socket:
    """One socket, from its handshake to its end."""

    def __init__(self, hub: Hub, receive: Receive, send: Send) -> None:
        self.hub = hub
        self.connection = Connection(self.write, self._stop)
        self._receive = receive
        self._send = send
        self._pace = Pace()
        self._seat: Seat | None = None
        self._task = asyncio.current_task()
        self._is_gone = False

    async def write(self, message: Message) -> None:
        await self._send({"type": "websocket.send", "text": message.text})

    def _stop(self, _ending: Ending) -> None:
        """Wake the coroutine, which waits for the client, so that it says good-bye."""
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    async def open(self, scope: Scope, within_s: float) -> None:
        """Let in whoever says in time who they are."""
        try:
            handshake = read_handshake(scope)
        except Unauthenticated as refused:
            await self._send({"type": "websocket.accept"})
            raise _refused(refused) from None
        accepted: dict[str, Any] = {"type": "websocket.accept"}
        if handshake.is_offered:
            accepted["subprotocol"] = SUBPROTOCOL
        await self._send(accepted)
        if scope["path"].rstrip("/") != PATH:
            raise Left(Ending(Close.NO_SUCH_SOCKET, "There is no socket at this address."))
        if handshake.tells_in_address:
            detail = f"A token does not belong into an address, where logs keep it. {_HOW}"
            raise Left(Ending(Close.NOT_SIGNED_IN, "Not by the address."), Error("token_in_address", detail))
        seat = await self._sign_in_at_once(handshake)
        if seat is None:
            seat = await self._sign_in_by_message(handshake, within_s)
        await self._begin(seat)

    async def _sign_in_at_once(self, handshake: Handshake) -> Seat | None:
        try:
            if handshake.credential is not None:
                return await self.hub.workers.run(sign_in, handshake, handshake.credential)
            if handshake.cookie is not None:
                return await self.hub.workers.run(sign_in_by_cookie, handshake)
        except OtherOrigin:
            detail = "A page of another origin may not use the browser's session. CORS_ORIGINS names those that may."
            raise Left(Ending(Close.OTHER_ORIGIN, "Another origin."), Error("other_origin", detail)) from None
        except Refused as refused:
            raise _refused(refused) from None
        return None

    async def _sign_in_by_message(self, handshake: Handshake, within_s: float) -> Seat:
        try:
            async with asyncio.timeout(within_s):
                sent = await self.next()
        except TimeoutError:
            error = Error("not_authenticated", f"Nobody signed in within {within_s:g} s. {_HOW}")
            raise Left(Ending(Close.NOT_SIGNED_IN, "Nobody signed in."), error) from None
        if not isinstance(sent, Authenticate):
            error = sent if isinstance(sent, Error) else Error("not_authenticated", _HOW)
            raise Left(Ending(Close.NOT_SIGNED_IN, "Sign in first."), error)
        try:
            return await self.hub.workers.run(sign_in, handshake, sent.token)
        except Refused as refused:
            raise _refused(refused) from None

    async def _begin(self, seat: Seat) -> None:
        if self.hub.count_of(seat.actor.person) >= MOST_CONNECTIONS:
            detail = f"One person may hold {MOST_CONNECTIONS} connections. Close some first."
            raise Left(Ending(Close.TOO_MANY, "Too many connections."), Error("too_many_connections", detail))
        try:
            check_pace(seat)
        except TooMany as refused:
            raise _refused(refused) from None
        floor = await present_floor(self.hub)
        self._seat = seat
        seq = take_new_seat(self.hub, self.connection, seat, floor)
        self.connection.tell(Message(Authenticated(seat.actor.person, seq)))

    async def next(self) -> Sent | Error:
        """Wait for what the client sends; raises Left."""
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            self._is_gone = True
            raise Left
        sent = event.get("text") or event.get("bytes") or ""
        if len(sent) > LONGEST_MESSAGE:
            raise Left(Ending(Close.TOO_LONG, f"A message has at most {LONGEST_MESSAGE} bytes."))
        if not self._pace.allows(time.monotonic()):
            raise Left(Ending(Close.TOO_MANY, "Too many messages."))
        return read_sent(sent)

    async def answer(self, sent: Sent | Error) -> None:
        """Do what a message asks for."""
        if isinstance(sent, Error):
            self.connection.tell(Message(sent))
        elif isinstance(sent, Ping):
            self.connection.tell(Message(Pong()))
        elif isinstance(sent, Subscribe):
            await self._subscribe(sent)
        else:
            self.connection.tell(Message(Error("already_signed_in", "You are signed in. Open another socket instead.")))

    async def _subscribe(self, wanted: Subscribe) -> None:
        if self._seat is None:
            return
        if wanted.projects is not None and not 0 < len(wanted.projects) <= MOST_PROJECTS:
            detail = f"Name 1 to {MOST_PROJECTS} projects, or leave projects out for all."
            self.connection.tell(Message(Error("invalid_message", detail)))
            return
        try:
            seat = await self.hub.workers.run(access_seat, self._seat, wanted.projects)
        except Refused as refused:
            projects = [str(one) for one in refused.extra.get("projects", ())]
            self.connection.tell(Message(Error(refused.code, refused.detail, projects)))
            return
        floor = await present_floor(self.hub)
        if wanted.after is None:
            seq = self.hub.enter(self.connection, seat, floor)
            self.connection.tell(confirmation(seat, seq))
        else:
            self.connection.tell(confirmation(seat, wanted.after))
            await take_seat_behind(self.hub, self.connection, seat, after=wanted.after, floor=floor)

    async def close(self) -> None:
        """Forget the seat, and tell a client that is still there why."""
        self.hub.leave(self.connection.seat)
        ending = self.connection.ending
        if ending is not None and not self._is_gone:
            close = {"type": "websocket.close", "code": int(ending.code), "reason": ending.reason}
            await within_a_moment(self._send(close))


def _refused(refused: Refused) -> Left:
    code = Close.TOO_MANY if isinstance(refused, TooMany) else Close.NOT_SIGNED_IN
    return Left(
        Ending(code, "Too many requests." if code is Close.TOO_MANY else "Sign in first."),
        Error(refused.code, refused.detail),
    )

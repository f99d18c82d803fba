import asyncio
import io
import re
from http import HTTPStatus
from typing import Final

from workloom.config.serving.bodies import ClientGone, has_body, read_body
from workloom.config.serving.exchange import AwaitedExchange, DirectExchange
from workloom.config.serving.protocol import AsgiApp, Live, Receive, Scope, Send, WsgiApp
from workloom.config.serving.threads import KeptThreads

_NO_SUCH_SOCKET: Final = 4404
_STREAM: Final = re.compile(r"/api(/v1)?/events/stream/?")


async def refuse_socket(_scope: Scope, receive: Receive, send: Send) -> None:
    """Accepts and closes with a code, because a browser cannot read why a handshake failed."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": _NO_SUCH_SOCKET, "reason": "There is no socket at this address."})


def is_stream(scope: Scope) -> bool:
    return scope["method"] == "GET" and _STREAM.fullmatch(scope["path"]) is not None


class Bridge:
    """An ASGI application that gives HTTP to a WSGI application on kept threads, and what stays open to `Live`."""

    def __init__(self, application: WsgiApp, *, live: Live | None = None, threads: int = 4) -> None:
        self._application = application
        self._live = live
        self._websocket: AsgiApp = refuse_socket if live is None else live.websocket
        self._threads = KeptThreads(threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
            return
        try:
            body = await read_body(scope, receive)
        except ClientGone:
            return
        exchange = AwaitedExchange(self._application, scope, body, send, asyncio.get_running_loop())
        if self._live is not None and is_stream(scope):
            await self._hold(exchange, self._live, receive, send)
            return
        self._threads.submit(exchange.run)
        await exchange.answer()

    def take(self, loop: asyncio.AbstractEventLoop, scope: Scope, send: Send) -> bool:
        """Answer a request for which nothing is to be awaited without its event loop, or leave it; from any thread."""
        if scope["type"] != "http" or has_body(scope) or (self._live is not None and is_stream(scope)):
            return False
        exchange = DirectExchange(self._application, scope, io.BytesIO(), send, loop)
        self._threads.submit(exchange.run, loop)
        return True

    async def _hold(self, exchange: AwaitedExchange, live: Live, receive: Receive, send: Send) -> None:
        """The request is judged like any other; when it may be held open, its answer goes on from here."""
        handover = live.handover()
        exchange.more[live.key] = handover
        self._threads.submit(exchange.run)
        head = await exchange.head()
        if head is None or head[0] != HTTPStatus.OK or not handover.is_taken:
            await exchange.answer()
        else:
            await live.hold(handover, head, receive, send)

from typing import Final

from workloom.config.serving.bodies import ClientGone, read_body
from workloom.config.serving.exchange import Exchange
from workloom.config.serving.protocol import AsgiApp, Receive, Scope, Send, WsgiApp
from workloom.config.serving.threads import KeptThreads

_NO_SUCH_SOCKET: Final = 4404


async def refuse_socket(_scope: Scope, receive: Receive, send: Send) -> None:
    """Accepts and closes with a code, because a browser cannot read why a handshake failed."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": _NO_SUCH_SOCKET, "reason": "There is no socket at this address."})


class Bridge:
    """An ASGI application that gives HTTP to a WSGI application on kept threads, and WebSocket to another one."""

    def __init__(self, application: WsgiApp, *, websocket: AsgiApp = refuse_socket, threads: int = 4) -> None:
        self._application = application
        self._websocket = websocket
        self._threads = KeptThreads(threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
            return
        try:
            body = await read_body(scope, receive)
        except ClientGone:
            return
        exchange = Exchange(self._application, scope, body, send)
        self._threads.submit(exchange.run)
        await exchange.answer()

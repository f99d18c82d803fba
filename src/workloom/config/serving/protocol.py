"""The parts of ASGI and WSGI that the bridge speaks."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Protocol

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]


class Handover(Protocol):
    """Lies beside a request whose answer can be held open; `is_taken` when its door wants that."""

    @property
    def is_taken(self) -> bool: ...


class Live(Protocol):
    """Holds what stays open, on the event loop."""

    @property
    def key(self) -> str:
        """Where a request's environment has its handover."""

    @property
    def websocket(self) -> AsgiApp: ...

    def handover(self) -> Any: ...

    async def hold(
        self, handover: Any, head: tuple[int, list[tuple[bytes, bytes]]], receive: Receive, send: Send
    ) -> None: ...

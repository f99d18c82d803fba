import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from workloom.config.serving.environ import build_environ
from workloom.config.serving.protocol import Environ, Headers, Message, Scope, Send, WsgiApp

logger = logging.getLogger("workloom.serving")
_AT_ONCE: Final = 256 * 1024
_PATIENCE_S: Final = 30

Head = tuple[int, list[tuple[bytes, bytes]]]
Rest = tuple[Head | None, bytes]
"""What of an answer is still to be sent: all of a short one, the end of a long one."""
_BROKEN: Final = (500, [(b"content-type", b"text/plain; charset=utf-8")]), b"Something went wrong on the server.\n"


class Exchange(ABC):
    """One request and its answer, which `run` makes on a kept thread."""

    __slots__ = ("_application", "_body", "_head", "_loop", "_scope", "_send", "more")

    def __init__(
        self, application: WsgiApp, scope: Scope, body: IO[bytes], send: Send, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._application = application
        self._scope = scope
        self._body = body
        self._send = send
        self._loop = loop
        self._head: Head = (500, [])
        self.more: Environ = {}
        """What the application finds beside the request."""

    @abstractmethod
    def _finish(self, rest: Rest) -> None:
        """Have the rest of the answer sent; on the thread."""

    def run(self) -> None:
        """Make the answer, and have it sent."""
        try:
            outcome = self._produce()
        except Exception:  # the outermost wrapper of a request: a thread that dies here would leave its client waiting
            logger.exception("An answer could not be made")
            outcome = _BROKEN
        finally:
            self._body.close()
        self._finish(outcome)

    def _produce(self) -> Rest:
        """A usual answer comes back whole with its head; of a long one all but the end has been sent already."""
        parts = self._application(build_environ(self._scope, self._body) | self.more, self._start)
        try:
            chunks = _chunks(parts)
            body = next(chunks, b"")
            if len(body) < _AT_ONCE:
                return self._head, body
            return self._stream(body, chunks)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()

    def _stream(self, first: bytes, chunks: Iterator[bytes]) -> Rest:
        try:
            self._tell(_start_of(self._head))
            held = first
            for chunk in chunks:
                self._tell({"type": "http.response.body", "body": held, "more_body": True})
                held = chunk
        except (OSError, RuntimeError, TimeoutError) as error:
            logger.info("A client left before its answer ended: %s", error)
            return None, b""
        return None, held

    def _tell(self, message: Message) -> None:
        asyncio.run_coroutine_threadsafe(_sent(self._send, message), self._loop).result(_PATIENCE_S)

    def _start(self, status: str, headers: Headers, _error: Any = None) -> None:
        self._head = (
            int(status[:3]),
            [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        )


class AwaitedExchange(Exchange):
    """One whose answer goes out from the event loop, which waits for it there."""

    __slots__ = ("_done",)

    def __init__(
        self, application: WsgiApp, scope: Scope, body: IO[bytes], send: Send, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(application, scope, body, send, loop)
        self._done: asyncio.Future[Rest] = loop.create_future()

    async def answer(self) -> None:
        """Wait for the answer, and send it."""
        head, body = await self._done
        if head is not None:
            await self._send(_start_of(head))
        await self._send(_end_of(body))

    async def head(self) -> Head | None:
        """Wait for the answer, and return the head of one that comes back whole."""
        return (await self._done)[0]

    def _finish(self, rest: Rest) -> None:
        self._loop.call_soon_threadsafe(self._is_done, rest)

    def _is_done(self, rest: Rest) -> None:
        if not self._done.done():
            self._done.set_result(rest)


class DirectExchange(Exchange):
    """One whose thread sends the answer, where the server's `send` does its work when called, from any thread.

    Only the event loop can wait for the reader of a long one.
    """

    __slots__ = ()

    def _finish(self, rest: Rest) -> None:
        head, body = rest
        if head is None:
            self._tell(_end_of(body))
        else:
            _send_at_once(self._send, _start_of(head))
            _send_at_once(self._send, _end_of(body))


def _start_of(head: Head) -> Message:
    return {"type": "http.response.start", "status": head[0], "headers": head[1]}


def _end_of(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": False}


def _send_at_once(send: Send, message: Message) -> None:
    for _ in send(message).__await__():
        raise RuntimeError("The server wants to be waited for, which only the event loop can do.")


async def _sent(send: Send, message: Message) -> None:
    await send(message)


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in portions of at least `_AT_ONCE`: a small answer comes whole, a long one in few steps."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _AT_ONCE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)

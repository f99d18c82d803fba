import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from workloom.config.serving.environ import build_environ
from workloom.config.serving.protocol import Environ, Headers, Message, Scope, Send, WsgiApp

logger = logging.getLogger("workloom.serving")
_AT_ONCE: Final = 256 * 1024
_PATIENCE_S: Final = 30
_LOOK_S: Final = 0.1

Head = tuple[int, list[tuple[bytes, bytes]]]
Rest = tuple[Head | None, bytes | None]
"""What of an answer is still to be sent."""
_BROKEN: Final = (500, [(b"content-type", b"text/plain; charset=utf-8")]), b"Something went wrong on the server.\n"


class Exchange:
    """One request and its answer: `run` on a kept thread makes it, `answer` on the event loop sends it.

    With `answered` the thread sends a whole one itself.
    """

    __slots__ = ("_answered", "_application", "_body", "_done", "_head", "_loop", "_scope", "_send", "more")

    def __init__(
        self, application: WsgiApp, scope: Scope, body: IO[bytes], send: Send, answered: "Answered | None" = None
    ) -> None:
        self._answered = answered
        self._application = application
        self._scope = scope
        self._body = body
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[Rest] = self._loop.create_future()
        self._head: Head = (500, [])
        self.more: Environ = {}
        """What the application finds beside the request."""

    async def answer(self) -> None:
        head, body = await self._done
        if head is not None:
            await self._send(_start_of(head))
        if body is not None:
            await self._send(_end_of(body))

    async def head(self) -> Head | None:
        """Wait for the answer, and return the head of one that comes back whole."""
        return (await self._done)[0]

    def run(self) -> None:
        try:
            outcome = self._produce()
        except Exception:  # the outermost wrapper of a request: a thread that dies here would leave its client waiting
            logger.exception("An answer could not be made")
            outcome = _BROKEN
        finally:
            self._body.close()
        head, body = outcome
        if head is None or self._answered is None:
            self._loop.call_soon_threadsafe(self.leave, outcome)
            return
        try:
            _send_at_once(self._send, _start_of(head))
            _send_at_once(self._send, _end_of(body))
        finally:
            self._answered.add(self)

    def leave(self, rest: Rest) -> None:
        """Leave to `answer` what is still to be sent; on the event loop."""
        if not self._done.done():
            self._done.set_result(rest)

    def _produce(self) -> tuple[Head | None, bytes]:
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

    def _stream(self, first: bytes, chunks: Iterator[bytes]) -> tuple[Head | None, bytes]:
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


class Answered:
    """Exchanges whose threads have answered: the event loop ends them when it is awake anyway.

    To wake it for each one costs more than what it then has to do.
    """

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._under_way = 0
        self._watcher: asyncio.AbstractEventLoop | None = None

    def add(self, exchange: Exchange) -> None:
        """Leave an exchange to the event loop; any thread may call this."""
        self._exchanges.append(exchange)

    def __enter__(self) -> None:
        self._under_way += 1
        self._end()
        loop = asyncio.get_running_loop()
        if self._watcher is not loop:
            self._watcher = loop
            loop.call_later(_LOOK_S, self._look)

    def __exit__(self, *_error: object) -> None:
        self._under_way -= 1

    def _end(self) -> None:
        while self._exchanges:
            self._exchanges.popleft().leave((None, None))

    def _look(self) -> None:
        self._end()
        if self._under_way:
            asyncio.get_running_loop().call_later(_LOOK_S, self._look)
        else:
            self._watcher = None


def _start_of(head: Head) -> Message:
    return {"type": "http.response.start", "status": head[0], "headers": head[1]}


def _end_of(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": False}


def _send_at_once(send: Send, message: Message) -> None:
    for _ in send(message).__await__():
        raise RuntimeError("The server wants to be waited for, which only the event loop can.")


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

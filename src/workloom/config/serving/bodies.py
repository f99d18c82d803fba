import asyncio
import io
import re
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from django.core.exceptions import RequestDataTooBig

from workloom.config.serving.protocol import Message, Receive, Scope

MEGABYTE: Final = 1024 * 1024
_IN_MEMORY: Final = MEGABYTE
_PATIENCE_S: Final = 30
_PLAIN: Final = 2_500_000
_FORM: Final = 26 * MEGABYTE
_IMPORT: Final = 201 * MEGABYTE
_IMPORTS: Final = re.compile(rb"/imports/?$")


class RefusedBody(io.BytesIO):
    """Stands for a body over the limit, which is not read: whoever wants it gets the refusal, which becomes a 413."""

    def read(self, _size: int | None = -1) -> bytes:
        raise RequestDataTooBig

    def readline(self, _size: int | None = -1) -> bytes:
        raise RequestDataTooBig


class ClientGone(Exception):
    """The client left before it had sent everything."""


def header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def body_limit(scope: Scope) -> int:
    """A megabyte is left for what a form puts around its file."""
    if not header(scope, b"content-type").startswith(b"multipart/form-data"):
        return _PLAIN
    return _IMPORT if _IMPORTS.search(scope["path"].encode()) else _FORM


def _declared_length(scope: Scope) -> int | None:
    """The length that the client announces; None when it sends the body in chunks, which then count (RFC 9112, section 6.3)."""
    in_chunks = length = b""
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            in_chunks = in_chunks or value
        elif name == b"content-length":
            length = length or value
    if length.isdigit() and not in_chunks:
        return int(length)
    may_follow = in_chunks or scope["http_version"].startswith("2")
    return None if may_follow and scope["method"] not in {"GET", "HEAD"} else 0


def has_body(scope: Scope) -> bool:
    """Tell whether anything has to be read; a body of an announced length of none has not."""
    return _declared_length(scope) != 0


async def _next(receive: Receive) -> Message:
    """Who sends nothing for a while is taken for gone, or a few silent ones could hold all connections."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await receive()
    except TimeoutError:
        return {"type": "http.disconnect"}


def _tell_length(scope: Scope, size: int) -> None:
    """WSGI knows no chunks, so the length is told once it is known, in place of any other."""
    others = [pair for pair in scope["headers"] if pair[0] != b"content-length"]
    scope["headers"] = [*others, (b"content-length", str(size).encode())]


async def read_body(scope: Scope, receive: Receive) -> IO[bytes]:
    """The whole body, before a thread is taken for it: who sends slowly keeps nobody waiting."""
    declared = _declared_length(scope)
    if declared == 0:
        return io.BytesIO()
    limit = body_limit(scope)
    if declared is not None and declared > limit:
        return RefusedBody()
    is_small = declared is not None and declared <= _IN_MEMORY
    body: IO[bytes] = io.BytesIO() if is_small else SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - lives as long as its request
    size = 0
    more = True
    while more:
        message = await _next(receive)
        if message["type"] == "http.disconnect":
            body.close()
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            body.close()
            _tell_length(scope, size)
            return RefusedBody()
        body.write(part)
        more = message.get("more_body", False)
    if declared is None:
        _tell_length(scope, size)
    body.seek(0)
    return body

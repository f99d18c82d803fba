"""Where a change came from: carried beside the call, read by the log and by log lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """One request, job or command; `via` is api, admin, command, job or import."""

    request_id: str = ""
    via: str = "command"
    ip: str = ""
    user_agent: str = ""


_current: ContextVar[Context | None] = ContextVar("context", default=None)


_NOWHERE = Context()


def current_context() -> Context:
    """Return the context of the request, job or command that runs now."""
    return _current.get() or _NOWHERE


@contextmanager
def using_context(context: Context) -> Iterator[None]:
    """Let everything inside the block be recorded as coming from `context`."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)

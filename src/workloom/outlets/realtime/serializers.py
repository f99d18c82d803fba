"""What goes out where an answer ends: the events of a stream that were missed, and a word on when to come back."""

from collections.abc import Iterable, Iterator

from workloom.outlets.realtime.queries.replay import Told
from workloom.outlets.realtime.rules import RETRY_MS

CONTENT_TYPE = "text/event-stream"


def as_stream(pages: Iterable[Told]) -> Iterator[bytes]:
    """Yield the pages as server-sent events; the last part says where to go on."""
    yield b"retry: %d\n\n" % RETRY_MS
    for page in pages:
        yield b"".join(message.event for message in page.messages)
        yield b": so far\nid: %d\n\n" % page.last

"""Opening what was handed in, and saying no to it with a place and a remedy."""

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from workloom.core.errors import Refused
from workloom.outlets.exchange.plan import Place

MAX_BYTES: Final = 200 * 1024 * 1024
_MEGABYTE: Final = 1024 * 1024

_OTHER_STARTS: Final = (
    (b"PK\x03\x04", "This is a zip archive or a spreadsheet (.xlsx, .ods). Unpack it, or save the sheet as CSV UTF-8."),
    (b"\xd0\xcf\x11\xe0", "This is an old spreadsheet (.xls). Save the sheet as CSV UTF-8."),
    (b"\x1f\x8b", "This file is compressed (.gz). Unpack it first."),
    (b"%PDF", "This is a PDF document. Export the data itself."),
    (b"<", "This is HTML or XML. Perhaps a sign-in page was saved instead of the export."),
)


class Unreadable(Refused):
    """The file as a whole is refused; nothing of it is written."""

    title = "The file cannot be imported"

    def __init__(self, code: str, detail: str, place: Place | None = None) -> None:
        super().__init__(code, f"At {place}: {detail}" if place else detail, place=str(place or ""))
        self.place = place


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Give a real file to read from its start; a stream is copied to disk, never to memory."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            _check_size(source.stat().st_size)
            yield file
        return
    with tempfile.TemporaryFile() as copy:
        while (piece := source.read(_MEGABYTE)) and copy.tell() <= MAX_BYTES:
            copy.write(piece)
        _check_size(copy.tell())
        copy.seek(0)
        yield copy


def _check_size(size: int) -> None:
    if size == 0:
        raise Unreadable("file_empty", "The file is empty. Export it again.")
    if size > MAX_BYTES:
        raise Unreadable("file_too_large", f"The file is larger than {MAX_BYTES // _MEGABYTE} MB. Export it in parts.")


def check_start(start: bytes) -> None:
    """Refuse what its first bytes show to be neither JSON nor a table."""
    for mark, sentence in _OTHER_STARTS:
        if start.lstrip().startswith(mark):
            raise Unreadable("file_kind", sentence)


def is_utf16(start: bytes) -> bool:
    """Say whether a byte order mark announces UTF-16, as spreadsheets write "Unicode text"."""
    return start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))

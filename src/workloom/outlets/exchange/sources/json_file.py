"""Reading large JSON entry by entry, with the place of everything.

A scanner of our own over a memory map cuts the file into the members of its outermost level; each is decoded by itself.
So memory holds one entry at a time, the depth is bounded before anything is decoded, and every error has its line.
Streaming parsers give no places, and the paths that they keep grow with the square of the depth.
"""

import codecs
import json
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from workloom.outlets.exchange.plan import Place
from workloom.outlets.exchange.sources.files import Unreadable, check_start, is_utf16, opened
from workloom.outlets.exchange.sources.strict_json import NotStrictError, decode_strictly, scrub

MAX_DEPTH: Final = 64
MAX_MEMBERS: Final = 1000
MAX_ENTRY: Final = 4 * 1024 * 1024
_RELEASE_EVERY: Final = 16 * 1024 * 1024
_EXACT_COLUMN: Final = 64 * 1024

_AGAIN: Final = "Export the file again."
_NOT_JSON: Final = "this is not JSON, which begins with { or [. A table is imported as csv."
_AFTER_THE_END: Final = f"something follows after the end of the data. {_AGAIN}"
_TOO_DEEP: Final = f"the data is nested deeper than {MAX_DEPTH} levels, which no export that we know is."
_TOO_LARGE: Final = f"one entry is larger than {MAX_ENTRY // 1024 // 1024} MB. Take it out of the file."
_NOT_UTF8: Final = "these bytes are not UTF-8. Save the file as UTF-8."
_CUT_OFF: Final = f"the file ends in the middle of its data: it is cut off. {_AGAIN}"

_BLANK: Final = re.compile(rb"[ \t\r\n]*+")
_STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_WHOLE_STRING: Final = re.compile(_STRING, re.DOTALL)
_STRUCTURE: Final = re.compile(_STRING + rb'|[\[\]{}"]', re.DOTALL)
_SCALAR: Final = re.compile(rb"[^ \t\r\n,\[\]{}:\"]++")
_ESCAPED_DIRT: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of the outermost object, or one element of an array in it; of a bare array the section is empty.

    An array without elements is one entry without index.
    """

    section: str
    index: int | None
    value: object
    place: Place
    was_scrubbed: bool = False


def read_entries(source: Path | BinaryIO) -> Iterator[Entry]:
    """Yield what stands in the file, in its order; raise Unreadable where it breaks off or breaks the rules."""
    with opened(source) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield from _Walk(data).entries()


class _Walk:
    """One way through the bytes, from left to right."""

    def __init__(self, data: mmap.mmap) -> None:
        self.data = data
        self.at = 0
        self.line = 1
        self.line_start = 0
        self.counted = 0
        self.released = 0

    def entries(self) -> Iterator[Entry]:
        start = self.data[:512]
        check_start(start)
        if is_utf16(start):
            raise Unreadable("encoding", "The file is in UTF-16. Save it as UTF-8.")
        if start.startswith(codecs.BOM_UTF8):
            self.at = self.line_start = len(codecs.BOM_UTF8)
        opening = self._next()
        if opening == b"[":
            yield from self._elements("")
        elif opening == b"{":
            yield from self._members()
        else:
            raise self._refuse("file_kind", _NOT_JSON, self.at)
        if self._next():
            raise self._refuse("json", _AFTER_THE_END, self.at)

    def _members(self) -> Iterator[Entry]:
        seen: set[str] = set()
        for _ in self._separated(b"}", ""):
            key = self._key()
            if key in seen:
                raise self._refuse("duplicate_key", f"{key[:100]!r} stands twice in one object. {_AGAIN}", self.at)
            seen.add(key)
            if len(seen) > MAX_MEMBERS:
                raise self._refuse(
                    "too_many", f"the object has more than {MAX_MEMBERS} members; no board has.", self.at
                )
            if self._next() == b"[":
                yield from self._elements(key)
            else:
                yield self._entry(key, None)

    def _elements(self, section: str) -> Iterator[Entry]:
        place = self._place(self.at, section)
        index = None
        for index in self._separated(b"]", section):
            yield self._entry(section, index)
        if index is None:
            yield Entry(section, None, [], place)

    def _separated(self, closing: bytes, path: str) -> Iterator[int]:
        """Stop before each member between two brackets, counting them."""
        self.at += 1
        if self._next() == closing:
            self.at += 1
            return
        index = 0
        while True:
            self._expect_more(path)
            yield index
            index += 1
            mark = self._expect_more(path)
            self.at += 1
            if mark == closing:
                return
            if mark != b",":
                raise self._refuse(
                    "json", f"a comma or {closing.decode()} should stand here. {_AGAIN}", self.at - 1, path
                )

    def _key(self) -> str:
        found = _WHOLE_STRING.match(self.data, self.at)
        if not found:
            raise self._refuse("json", f"a name in double quotes should stand here. {_AGAIN}", self.at)
        key = str(self._decode(found.start(), found.end(), ""))
        self.at = found.end()
        if self._next() != b":":
            raise self._refuse("json", f"a colon should stand here. {_AGAIN}", self.at)
        self.at += 1
        return key

    def _entry(self, section: str, index: int | None) -> Entry:
        path = section if index is None else f"{section}[{index}]"
        self._expect_more(path)
        start = self.at
        place = self._place(start, path)
        end = self._end_of_value(path)
        value = self._decode(start, end, path)
        scrubbed = False
        if _ESCAPED_DIRT.search(self.data, start, end):
            cleaned = scrub(value)
            scrubbed, value = cleaned != value, cleaned
        self.at = end
        self._release()
        return Entry(section, index, value, place, scrubbed)

    def _end_of_value(self, path: str) -> int:
        first = self.data[self.at : self.at + 1]
        if first not in b'{["':
            scalar = _SCALAR.match(self.data, self.at)
            if not scalar:
                raise self._refuse("json", f"a value should stand here. {_AGAIN}", self.at, path)
            return self._fitting(scalar.end(), path)
        depth = 0
        for found in _STRUCTURE.finditer(self.data, self.at):
            token = found[0]
            if token in {b"{", b"["}:
                depth += 1
            elif token == b'"':
                raise self._cut_off(path)
            elif token in {b"}", b"]"}:
                depth -= 1
            if depth >= MAX_DEPTH:
                raise self._refuse("too_deep", _TOO_DEEP, found.start(), path)
            end = self._fitting(found.end(), path)
            if depth == 0:
                return end
        raise self._cut_off(path)

    def _fitting(self, end: int, path: str) -> int:
        if end - self.at > MAX_ENTRY:
            raise self._refuse("entry_too_large", _TOO_LARGE, self.at, path)
        return end

    def _decode(self, start: int, end: int, path: str) -> object:
        raw = self.data[start:end]
        try:
            text = raw.decode()
            value = decode_strictly(text)
        except UnicodeDecodeError as error:
            raise self._refuse("encoding", _NOT_UTF8, start + error.start, path) from error
        except json.JSONDecodeError as error:
            offset = start + len(error.doc[: error.pos].encode())
            raise self._refuse("json", f"this is not JSON ({error.msg}). {_AGAIN}", offset, path) from error
        except ValueError as error:
            reason = str(error) if isinstance(error, NotStrictError) else "a number has too many digits"
            raise self._refuse("json", f"{reason}. {_AGAIN}", start, path) from error
        return value

    def _next(self) -> bytes:
        found = _BLANK.match(self.data, self.at)
        self.at = found.end() if found else self.at
        return self.data[self.at : self.at + 1]

    def _expect_more(self, path: str) -> bytes:
        mark = self._next()
        if not mark:
            raise self._cut_off(path)
        return mark

    def _cut_off(self, path: str) -> Unreadable:
        return self._refuse("truncated", _CUT_OFF, len(self.data), path)

    def _refuse(self, code: str, detail: str, offset: int, path: str = "") -> Unreadable:
        return Unreadable(code, detail, self._place(offset, path))

    def _place(self, offset: int, path: str) -> Place:
        gap = self.data[self.counted : offset]
        self.line += gap.count(b"\n")
        if b"\n" in gap:
            self.line_start = self.counted + gap.rfind(b"\n") + 1
        self.counted = max(offset, self.counted)
        column = offset - self.line_start
        if column <= _EXACT_COLUMN:
            column = len(self.data[self.line_start : offset].decode(errors="replace"))
        return Place(self.line, column + 1, path)

    def _release(self) -> None:
        """Give pages that were read back to the system, so that a large file does not count as our memory."""
        if self.at - self.released < _RELEASE_EVERY or not hasattr(mmap, "MADV_DONTNEED"):
            return
        length = (self.at - self.released) // mmap.PAGESIZE * mmap.PAGESIZE
        self.data.madvise(mmap.MADV_DONTNEED, self.released, length)
        self.released += length

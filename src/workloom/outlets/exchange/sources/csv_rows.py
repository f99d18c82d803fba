"""Reading the rows of a table with the line of each: encoding, delimiter, quotes, and what makes it no table."""

import codecs
import csv
import io
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from workloom.outlets.exchange.plan import Place
from workloom.outlets.exchange.sources.files import Unreadable, check_start, is_utf16

_DELIMITERS: Final = ",;\t|"
_LONGEST_CELL: Final = 10 * 1024 * 1024
_MOST_COLUMNS: Final = 1000
_START: Final = 64 * 1024

# The one bound of the csv module is global; its default would refuse a whole file for one long cell.
csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record, and the line that it begins on."""

    line: int
    cells: Sequence[str]


def read_rows(file: BinaryIO) -> Generator[Row, None, None]:
    """Yield the header, then each record that is not blank."""
    start = file.read(_START)
    file.seek(0)
    check_start(start[:512])
    if start.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in {b"{", b"["}:
        raise Unreadable("wrong_kind", "this is JSON, not a table. A board of Trello is imported as trello.", Place(1))
    encoding = "utf-16" if is_utf16(start) else "utf-8-sig"
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield from _records(text, _delimiter(start.decode(encoding, errors="replace")))
    except UnicodeDecodeError as error:
        raise _not_text(file, encoding) from error
    finally:
        text.detach()


def _records(text: io.TextIOWrapper, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if len(cells) > _MOST_COLUMNS:
                raise Unreadable("too_many", f"there are more than {_MOST_COLUMNS} columns.", Place(line))
            if any(cell.strip() for cell in cells):
                yield Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise _not_csv(error, line) from error


def _not_csv(error: csv.Error, line: int) -> Unreadable:
    reason = str(error)
    if "unexpected end of data" in reason:
        return Unreadable(
            "truncated", "a quote opens in this record and never closes: the file is cut off.", Place(line)
        )
    if "field larger" in reason:
        return Unreadable("cell_too_long", "a cell is longer than 10 MB. Perhaps a quote is never closed.", Place(line))
    return Unreadable("csv", f"this record is not CSV ({reason}). Write quotes inside a cell twice.", Place(line))


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    for number, line in enumerate(text, 1):
        if "\0" in line:
            remedy = "a NUL character stands here: this is not a text file, or not in UTF-8."
            raise Unreadable("nul", remedy, Place(number, line.index("\0") + 1))
        yield line


def _delimiter(start: str) -> str:
    """The header decides: the sign that stands most often outside its quotes."""
    outside: list[str] = []
    is_quoted = False
    for sign in start:
        if sign == '"':
            is_quoted = not is_quoted
        elif sign in "\r\n" and not is_quoted and outside:
            break
        elif not is_quoted:
            outside.append(sign)
    return max(_DELIMITERS, key=outside.count)


def _not_text(file: BinaryIO, encoding: str) -> Unreadable:
    """Look for the first line that is not in the encoding; only a file that fails is read twice."""
    file.seek(0)
    lines = file if encoding == "utf-8-sig" else ()
    for number, line in enumerate(lines, 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            place = Place(number, len(line[: error.start].decode("utf-8", errors="replace")) + 1)
            return Unreadable("encoding", "these bytes are not UTF-8. Save the table as CSV UTF-8.", place)
    return Unreadable("encoding", f"The file is not {encoding} throughout. Save the table as CSV UTF-8.")

"""Plain tables for the terminal and for pipes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any, Final, cast

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDE: Final = 200


def print_table(stdout: OutputWrapper, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One line per row; what does not fit a terminal is cut there, a pipe gets it whole."""
    table = Table(box=None, pad_edge=False, header_style="")
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*(Text(_shown(value)) for value in row))
    file = cast("IO[str]", stdout)  # Django's wrapper passes on what it does not know itself
    Console(file=file, width=None if stdout.isatty() else _WIDE, highlight=False).print(table)


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)


def last_line(error: str) -> str:
    """Return what an operator reads first of a traceback."""
    lines = error.strip().splitlines()
    return lines[-1] if lines else ""

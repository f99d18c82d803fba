"""Where files lie until their import is over: under DATA_DIR, readable by the server only, named by nothing of theirs."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from workloom.core.errors import TooLarge
from workloom.core.ids import parse_uuid, uuid7
from workloom.outlets.exchange.sources.files import MAX_BYTES

_NEW_AND_PRIVATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was stored; `name` is where."""

    name: UUID
    size: int
    sha256: str


def keep_file(pieces: Iterable[bytes]) -> Kept:
    """Store a file piece by piece; raises TooLarge, and leaves nothing then."""
    name = uuid7()
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, _NEW_AND_PRIVATE, 0o600), "wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > MAX_BYTES:
                break
            digest.update(piece)
            file.write(piece)
    if size > MAX_BYTES:
        forget_file(name)
        raise too_large()
    return Kept(name, size, digest.hexdigest())


def too_large() -> TooLarge:
    """Return the refusal of a file over the limit."""
    return TooLarge("file_too_large", f"A file to import may have {MAX_BYTES // 1024 // 1024} MB. Send it in parts.")


def path_of(name: UUID) -> Path:
    """Return where a file lies."""
    return _folder() / str(name)


def forget_file(name: UUID) -> None:
    """Delete a file, if it is there."""
    path_of(name).unlink(missing_ok=True)


def old_files(before: datetime) -> list[UUID]:
    """Return the files that were stored before a moment."""
    if not _folder().is_dir():
        return []
    files = (path for path in _folder().iterdir() if path.stat().st_mtime < before.timestamp())
    return [name for path in files if (name := parse_uuid(path.name))]


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"

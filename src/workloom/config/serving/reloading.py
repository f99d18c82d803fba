"""`make dev`: the server in a child process, started again when a file of the code changes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from workloom.config.settings.places import PACKAGE_DIR

_PAUSE_S = 0.5
_WATCHED = {".py", ".html", ".txt", ".json", ".css", ".js"}


def _stamps() -> dict[Path, float]:
    return dict(_stamped(PACKAGE_DIR))


def _stamped(folder: Path) -> Iterator[tuple[Path, float]]:
    for file in folder.rglob("*"):
        if file.suffix in _WATCHED:
            try:
                yield file, file.stat().st_mtime
            except FileNotFoundError:
                continue


def serve_and_reload(command: list[str]) -> int:
    """Runs `command` until Ctrl-C. A child that fails is started again at the next change, not before."""
    environment = os.environ | {"DEBUG": os.environ.get("DEBUG") or "on", "PYTHONDONTWRITEBYTECODE": "1"}
    seen = _stamps()
    child = subprocess.Popen([sys.executable, *command], env=environment)  # noqa: S603 - our own interpreter
    try:
        while True:
            time.sleep(_PAUSE_S)
            found = _stamps()
            if found == seen:
                continue
            changed = {file.name for file, _ in set(found.items()) ^ set(seen.items())}
            print(f"Changed: {', '.join(sorted(changed))}. Starting again.", flush=True)  # noqa: T201 - for who watches
            seen = found
            child.terminate()
            child.wait()
            child = subprocess.Popen([sys.executable, *command], env=environment)  # noqa: S603 - as above
    except KeyboardInterrupt:
        return child.wait()

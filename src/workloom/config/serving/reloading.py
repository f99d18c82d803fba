"""`make dev`: the server in a child process, started again when a file of the code changes."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from workloom.config.settings.places import PACKAGE_DIR

_PAUSE_S = 0.5
_WATCHED = {".py", ".html", ".txt", ".json", ".css", ".js"}


def stamps(folder: Path) -> dict[Path, float]:
    """When each file of the code was last written; one that vanishes meanwhile counts as gone."""
    found = {}
    for file in folder.rglob("*"):
        if file.suffix in _WATCHED:
            with contextlib.suppress(FileNotFoundError):
                found[file] = file.stat().st_mtime
    return found


def _stop(*_signal: object) -> None:
    raise KeyboardInterrupt


def serve_and_reload(command: list[str], folder: Path = PACKAGE_DIR) -> int:
    """Runs `command` until Ctrl-C. A child that fails is started again at the next change, not before."""
    signal.signal(signal.SIGTERM, _stop)
    environment = os.environ | {"DEBUG": os.environ.get("DEBUG") or "on", "PYTHONDONTWRITEBYTECODE": "1"}
    seen = stamps(folder)
    child = subprocess.Popen([sys.executable, *command], env=environment)  # noqa: S603 - our own interpreter
    try:
        while True:
            time.sleep(_PAUSE_S)
            found = stamps(folder)
            if found == seen:
                continue
            changed = {file.name for file, _ in set(found.items()) ^ set(seen.items())}
            print(f"Changed: {', '.join(sorted(changed))}. Starting again.", flush=True)  # noqa: T201 - for who watches
            seen = found
            child.terminate()
            child.wait()
            child = subprocess.Popen([sys.executable, *command], env=environment)  # noqa: S603 - as above
    except KeyboardInterrupt:
        child.terminate()
        return child.wait()

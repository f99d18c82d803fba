"""`make check`: every look at the code that needs no database, one line each, the output only of what failed."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
Commands = dict[str, list[str | Path]]
QUICK: Commands = {
    "style": [BIN / "ruff", "check", "--quiet", "."],
    "format": [BIN / "ruff", "format", "--quiet", "--check", "."],
    "layers": [BIN / "lint-imports", "--no-logo"],
}
THOROUGH: Commands = {
    "types": [BIN / "mypy"],
    "dependencies": [BIN / "deptry", "src"],
    "system": [*MANAGE, "check", "--fail-level", "WARNING"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "documents": [*MANAGE, "write_docs", "--check"],
}


def passes(name: str, command: list[str | Path]) -> bool:
    began = time.monotonic()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONWARNINGS": "default"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"check {name:<13} {verdict}  {time.monotonic() - began:.1f}s", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def check(*, thorough: bool) -> list[str]:
    """The names of the checks that failed."""
    chosen = QUICK | (THOROUGH if thorough else {})
    return [name for name, command in chosen.items() if not passes(name, command)]


if __name__ == "__main__":
    sys.exit(1 if check(thorough="--quick" not in sys.argv) else 0)

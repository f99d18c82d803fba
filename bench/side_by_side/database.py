"""The bench's own databases: made, migrated and filled once for each number of tasks, and used again until code or plan change."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import psycopg.sql

from bench.side_by_side.data.story import Plan

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "bench"
SERVER = os.environ.get("BENCH_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True, slots=True)
class Database:
    """One filled database."""

    url: str
    tasks: int
    is_sqlite: bool


def prepared(tasks: int, *, sqlite: bool, name: str = "") -> Database:
    """Return the database with so many tasks; what is there is used when it was made by the same code."""
    name = name or f"workloom_bench_{tasks}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{FOLDER / name}.sqlite3" if sqlite else f"{SERVER.rpartition('/')[0]}/{name}"
    database = Database(url, tasks, sqlite)
    wanted = _description(tasks)
    if _found(database, name) != wanted:
        print(f"making {name} on {'SQLite' if sqlite else 'PostgreSQL'}", flush=True)
        _make_empty(database, name)
        _run(database, "manage.py", "migrate", "--verbosity=0")
        _run(database, "-m", "bench.side_by_side.data.load", str(tasks), wanted)
    if not sqlite:
        _leave_out_helpers(name)
    return database


def _leave_out_helpers(name: str) -> None:
    """Let nobody's questions be shared out among processes, whose time could not be told from others' when they have ended."""
    with administration() as server:
        quoted = psycopg.sql.Identifier(name)
        server.execute(psycopg.sql.SQL("ALTER DATABASE {} SET max_parallel_workers_per_gather = 0").format(quoted))


def environment(database: Database) -> dict[str, str]:
    """Return what every process of the bench needs to find the database."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": database.url,
        "DATA_DIR": str(FOLDER),
        "DJANGO_SETTINGS_MODULE": "workloom.config.settings",
        "JWT_SECRET_KEY": "only-for-the-bench-only-for-the-bench-only-for-it",
        "SECRET_KEY": "only-for-the-bench-only-for-the-bench-only-for-it",
        "ALLOWED_HOSTS": "127.0.0.1",
        "THROTTLE_USER_RATE": "1000000000/hour",
        "JOBS": "off",
    }


def _run(database: Database, *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment(database), check=True)


def _description(tasks: int) -> str:
    """Say what a database was made of: the plan, the loader and every migration."""
    sources = [*sorted(ROOT.glob("src/workloom/**/migrations/0*.py")), *sorted((ROOT / "bench").glob("*/data/*.py"))]
    code = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    return json.dumps({"plan": repr(Plan(tasks)), "code": code})


def _found(database: Database, name: str) -> str | None:
    """Return what the database that is there says of itself."""
    if database.is_sqlite:
        path = FOLDER / f"{name}.made"
        return path.read_text(encoding="utf-8") if path.exists() else None
    with administration() as server:
        there = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        )
        row = there.fetchone()
        return row[0] if row else None


def note_made(description: str) -> None:
    """Write down, on the database that Django has open, what it was made of: the loader's last act."""
    url = os.environ["DATABASE_URL"]
    name = url.rpartition("/")[2]
    if url.startswith("sqlite"):
        (FOLDER / name).with_suffix(".made").write_text(description, encoding="utf-8")
        return
    with administration() as server:
        quoted = psycopg.sql.Identifier(name)
        server.execute(psycopg.sql.SQL("COMMENT ON DATABASE {} IS {}").format(quoted, psycopg.sql.Literal(description)))


def _make_empty(database: Database, name: str) -> None:
    if database.is_sqlite:
        for path in FOLDER.glob(f"{name}.*"):
            path.unlink()
        return
    with administration() as server:
        quoted = psycopg.sql.Identifier(name)
        server.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))
        server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(quoted))


def administration() -> Any:
    """Return a connection to the server's own database."""
    return psycopg.connect(SERVER, autocommit=True)

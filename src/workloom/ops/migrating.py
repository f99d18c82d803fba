"""Migrations from whichever process starts first: the others wait for it and find nothing left to do."""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

_LOCK_KEY: Final = 0x776F726B6C6F6F6D
_LONGEST_WAIT_S: Final = 600


def missing_migrations() -> set[tuple[str, str]]:
    """What stands in the packages and not in the database; reads names only, so that starting is quick."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    return _migrations_in_packages() - applied


def _migrations_in_packages() -> set[tuple[str, str]]:
    return {
        (config.label, file.stem)
        for config in apps.get_app_configs()
        for file in (Path(config.path) / "migrations").glob("[0-9]*.py")
    }


def migrate_if_needed() -> bool:
    """Whether there was anything to do."""
    if not missing_migrations():
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True


@contextlib.contextmanager
def migration_lock() -> Iterator[None]:
    """One process at a time migrates a database, whatever host it runs on."""
    held = {"postgresql": _postgresql_lock, "mysql": _mysql_lock}.get(connection.vendor, _file_lock)
    with held():
        yield


@contextlib.contextmanager
def _postgresql_lock() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{_LONGEST_WAIT_S}s'")
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK_KEY])
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])


@contextlib.contextmanager
def _mysql_lock() -> Iterator[None]:
    name = f"workloom.migrate.{connection.settings_dict['NAME']}"[:64]
    with connection.cursor() as cursor:
        cursor.execute("SELECT GET_LOCK(%s, %s)", [name, _LONGEST_WAIT_S])
        if cursor.fetchone() != (1,):
            raise TimeoutError("Another process has been migrating this database for ten minutes.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT RELEASE_LOCK(%s)", [name])


@contextlib.contextmanager
def _file_lock() -> Iterator[None]:
    name = str(connection.settings_dict["NAME"])
    if "memory" in name:
        yield
        return
    with Path(f"{name}.migrating").open("a+b") as file:
        _hold(file)
        yield


def _hold(file: IO[Any]) -> None:
    """The system lets go when the file is closed, or when the process dies."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        deadline = time.monotonic() + _LONGEST_WAIT_S
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            except OSError:
                if time.monotonic() > deadline:
                    raise
            else:
                return
    else:
        import fcntl  # noqa: PLC0415 - does not exist on Windows

        fcntl.flock(file, fcntl.LOCK_EX)

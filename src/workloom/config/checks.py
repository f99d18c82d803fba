"""What the database behind this installation must be able to do, checked when it can be asked."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

_POSTGRESQL = (15, 0)
_MARIADB = (10, 11, 5)
_MYSQL = (8, 0, 17)
_SQLITE = (3, 40, 0)
_COLLATIONS = {"utf8mb4_nopad_bin", "utf8mb4_0900_bin"}


def _dotted(version: Sequence[int]) -> str:
    return ".".join(str(part) for part in version)


def too_old(name: str, found: Sequence[int], least: Sequence[int]) -> list[CheckMessage]:
    if tuple(found) >= tuple(least):
        return []
    return [
        Error(
            f"{name} {_dotted(found)} is older than {_dotted(least)}.",
            hint=f"Upgrade it, or point DATABASE_URL to {name} {_dotted(least)} or newer.",
            id="workloom.E001",
        )
    ]


def wrong_collation(database: str, found: str) -> list[CheckMessage]:
    if found in _COLLATIONS:
        return []
    return [
        Error(
            f"The database {database} compares text by {found}, which takes different texts for equal.",
            hint=(
                f"While it is empty: ALTER DATABASE `{database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin; "
                "(MySQL: utf8mb4_0900_bin). Tables that exist already must be converted too."
            ),
            id="workloom.E002",
        )
    ]


def wrong_encoding(database: str, found: str) -> list[CheckMessage]:
    if found == "UTF8":
        return []
    return [
        Error(
            f"The database {database} is encoded in {found}.",
            hint=f"Make it anew: CREATE DATABASE {database} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;",
            id="workloom.E003",
        )
    ]


def _check_sqlite(_connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    return too_old("SQLite", sqlite3.sqlite_version_info, _SQLITE)


def _check_postgresql(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    version: Any = connection.get_database_version()
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        encoding = cursor.fetchone()[0]
    return too_old("PostgreSQL", version, _POSTGRESQL) + wrong_encoding(connection.settings_dict["NAME"], encoding)


def _check_mysql(connection: Any) -> list[CheckMessage]:
    name, least = ("MariaDB", _MARIADB) if connection.mysql_is_mariadb else ("MySQL", _MYSQL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@collation_database")
        collation = cursor.fetchone()[0]
    return too_old(name, connection.mysql_version, least) + wrong_collation(connection.settings_dict["NAME"], collation)


_BY_VENDOR: dict[str, Callable[[Any], list[CheckMessage]]] = {
    "sqlite": _check_sqlite,
    "postgresql": _check_postgresql,
    "mysql": _check_mysql,
}


@register(Tags.database)
def check_database(databases: Iterable[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        try:
            found += _BY_VENDOR[connection.vendor](connection)
        except OperationalError as error:
            found.append(
                Error(
                    f"The database does not answer: {error}",
                    hint="Start it, or correct DATABASE_URL.",
                    id="workloom.E004",
                )
            )
    return found


@register(Tags.models)
def check_portable_uniqueness(**_kwargs: Any) -> list[CheckMessage]:
    """MariaDB silently leaves out constraints with a condition or an expression: they are errors everywhere."""
    return [
        Error(
            f"{model._meta.label}.{constraint.name} would not hold on MariaDB.",  # noqa: SLF001 - Django's documented API
            hint="Use a plain UNIQUE on a key column that Python writes, or on a stored generated one.",
            obj=model,
            id="workloom.E005",
        )
        for model in apps.get_models()
        if model.__module__.startswith("workloom.")
        for constraint in model._meta.constraints  # noqa: SLF001 - as above
        if isinstance(constraint, models.UniqueConstraint) and not is_portable(constraint)
    ]


def is_portable(constraint: models.UniqueConstraint) -> bool:
    return not (
        constraint.condition
        or constraint.expressions
        or getattr(constraint, "include", ())
        or constraint.deferrable
        or constraint.nulls_distinct is not None
    )

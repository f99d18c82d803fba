"""Columns that must behave the same on all three databases, and indexes that cost only whom they concern."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class RankField(models.CharField):  # type: ignore[type-arg] # generic only for the type checker
    """A text that sorts byte by byte: PostgreSQL is told so, SQLite and our MariaDB collation do it by themselves."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Name the collation where the database's default may fold case or skip signs."""
        parameters: dict[str, Any] = dict(super().db_parameters(connection))
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def index_where_set(*columns: str, name: str) -> models.Index:
    """Index the rows whose first column is set: most rows leave it out, and writing them then costs this index nothing.

    MariaDB indexes all rows, since it knows no conditions.
    """
    return models.Index(fields=columns, name=name, condition=models.Q((f"{columns[0]}__isnull", False)))

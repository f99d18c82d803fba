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


def index_where_set(column: str, *, name: str) -> models.Index:
    """Index the rows where a column is set that most leave out: writing these others costs the index nothing.

    It serves neither an order, in which all rows have a place, nor who asks for those without. MariaDB, which knows no conditions, indexes all rows.
    """
    return models.Index(fields=[column], name=name, condition=models.Q((f"{column}__isnull", False)))

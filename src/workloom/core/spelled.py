"""Columns as the text that the database spells anyway: what is only handed on is not read into objects first."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField
from django.db.models.sql.compiler import SQLCompiler

from workloom.core.gathered import IdsOf


class JsonText(Func):
    """The text of a JSON column, for who decodes it faster, or not at all."""

    output_field = TextField()

    def __init__(self, column: str) -> None:
        super().__init__(column)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:  # type: ignore[override]
        """Only PostgreSQL holds JSON as something else than text."""
        template = "(%(expressions)s)::text" if connection.vendor == "postgresql" else "%(expressions)s"
        return super().as_sql(compiler, connection, template=template)


class SpelledIdsOf(IdsOf):
    """As `IdsOf`, for ids that are only shown: where the database spells them as JSON does, they come as text."""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:  # type: ignore[override]
        """Join what PostgreSQL gathers; the other forms are joined already."""
        sql, params = super().as_sql(compiler, connection, **extra)
        return (f"array_to_string({sql}, ',')", params) if connection.vendor == "postgresql" else (sql, params)

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        """SQLite stores ids without the hyphens."""
        return [_split] if connection.vendor == "postgresql" else super().get_db_converters(connection)


def _split(text: str, *_: Any) -> list[str]:
    return text.split(",") if text else []

"""The ids of what hangs on a row, as one column of it: a list in one round trip."""

from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Model, TextField
from django.db.models.sql.compiler import SQLCompiler

from workloom.core.columns import each, read_id

_POSTGRESQL = "ARRAY(SELECT g.{value} FROM {table} g WHERE g.{owner} = %(expressions)s ORDER BY g.{order})"
_MYSQL = "(SELECT GROUP_CONCAT(g.{value} ORDER BY g.{order}) FROM {table} g WHERE g.{owner} = %(expressions)s)"
_SQLITE = (
    "(SELECT group_concat({value}) FROM"
    " (SELECT g.{value} FROM {table} g WHERE g.{owner} = %(expressions)s ORDER BY g.{order}))"
)


class IdsOf(Func):
    """The values of `value`, a column of UUIDs, of all rows of `model` whose `owner` is this row; oldest first."""

    output_field = TextField()

    def __init__(self, model: type[Model], owner: str, value: str) -> None:
        super().__init__(F("pk"))
        facts: Any = model._meta  # noqa: SLF001 - Django's documented name for a model's facts
        self._names: dict[str, str] = {
            "table": facts.db_table,
            "owner": facts.get_field(owner).column,
            "value": facts.get_field(value).column,
            "order": facts.pk.column,
        }

    @property
    def identity(self) -> Any:
        """Tell one from another by what is gathered, too."""
        return (*super().identity, *self._names.items())

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:  # type: ignore[override]
        """Write the form of this database."""
        form = {"postgresql": _POSTGRESQL, "mysql": _MYSQL}.get(connection.vendor, _SQLITE)
        quoted = {name: connection.ops.quote_name(text) for name, text in self._names.items()}
        return super().as_sql(compiler, connection, template=form.format(**quoted))

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        """Read what is no array where the database has none."""
        return [] if connection.vendor == "postgresql" else [each(_read)]


def _read(text: str | None) -> list[UUID | None]:
    return list(map(read_id, text.split(","))) if text else []

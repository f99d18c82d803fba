"""The search conditions of each database, as expressions for `filter` and `Case`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup
from django.db.models.sql.compiler import SQLCompiler

from workloom.core.db import vendor
from workloom.core.search.terms import Term
from workloom.core.search.tokens import (
    code_token,
    inner_needs,
    is_settled_by_tokens,
    short_needs,
    trigrams,
)

TOKEN_TABLE = "core_searchrow_tokens"  # noqa: S105 - a table
GRAM_TABLE = "core_searchrow_grams"

_MYSQL_CANDIDATES = """(
    SELECT id FROM (
        SELECT id FROM core_searchrow WHERE MATCH (tokens) AGAINST (%s IN BOOLEAN MODE)
        UNION ALL
        (SELECT id FROM core_searchrow ORDER BY written_at DESC LIMIT 1000)
    ) AS candidates
)"""

_Sql = tuple[str, Any]
if TYPE_CHECKING:
    _TextLookup = Lookup[str]
else:
    _TextLookup = Lookup


class Holds(_TextLookup):
    """Whether a column of search text holds a string; such a string has nothing that LIKE would take for a wildcard."""

    lookup_name = "holds"
    prepare_rhs = False

    def __init__(self, column: str, text: str) -> None:
        super().__init__(F(column), text)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        """LIKE is what PostgreSQL's trigram index serves, and on MariaDB it takes half of INSTR's time."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", [*params, f"%{self.rhs}%"]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        """LIKE folds case on SQLite, which costs time."""
        column, params = self.process_lhs(compiler, connection)
        return f"instr({column}, %s) > 0", [*params, self.rhs]


class Indexed(_TextLookup):
    """Whether the full-text index has an entry under all of the wanted tokens or trigrams."""

    lookup_name = "indexed"
    prepare_rhs = False

    def __init__(self, wanted: str, table: str = TOKEN_TABLE) -> None:
        super().__init__(F("tokens") if vendor() == "postgresql" else F("pk"), wanted)
        self.table = table

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        """Ask the full-text table, which is joined by the row's number."""
        key, params = self.process_lhs(compiler, connection)
        inner = f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s"  # noqa: S608 - one of two constants
        return f"{key} IN ({inner})", [*params, self.rhs]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        """Repeat the expression that is indexed."""
        tokens, params = self.process_lhs(compiler, connection)
        return f"({tokens})::tsvector @@ %s::tsquery", [*params, self.rhs]

    def as_mysql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        """Offer candidates: what was written last as well, which the full-text index may not show.

        InnoDB's index leaves out what this transaction wrote, and for moments what its background thread is flushing.
        """
        key, params = self.process_lhs(compiler, connection)
        return f"{key} IN {_MYSQL_CANDIDATES}", [*params, self.rhs]


Condition = Holds | Indexed


def conditions(terms: tuple[Term, ...]) -> list[Condition]:
    """Return what must all hold for an entry to have all of the terms."""
    return {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mysql}[vendor()](terms)


def _sqlite(terms: tuple[Term, ...]) -> list[Condition]:
    grams = [gram for term in terms if not term.code for gram in trigrams(term)]
    found: list[Condition] = []
    if needs := _needs(terms):
        found.append(Indexed(" AND ".join(needs)))
    if grams:
        found.append(Indexed(" AND ".join(f'"{gram}"' for gram in dict.fromkeys(grams)), GRAM_TABLE))
    return [*found, *_looks(term for term in terms if not is_settled_by_tokens(term))]


def _postgresql(terms: tuple[Term, ...]) -> list[Condition]:
    needs = [f"{need[:-1]}:*" if need.endswith("*") else need for need in _needs(terms)]
    found: list[Condition] = [Indexed(" & ".join(needs))] if needs else []
    return [*found, *_looks(term for term in terms if not is_settled_by_tokens(term))]


def _mysql(terms: tuple[Term, ...]) -> list[Condition]:
    needs = _needs(terms) + [need for term in terms if not term.code for need in inner_needs(term)]
    codes = [Holds("tokens", f" {code_token(term.code)} ") for term in terms if term.code]
    return [Indexed(" ".join(f"+{need}" for need in dict.fromkeys(needs))), *codes, *_looks(terms)]


def _needs(terms: tuple[Term, ...]) -> list[str]:
    needs = [need for term in terms for need in ([code_token(term.code)] if term.code else short_needs(term))]
    return list(dict.fromkeys(needs))


def _looks(terms: Iterable[Term]) -> list[Condition]:
    return [Holds("body", term.found_as) for term in terms if not term.code]

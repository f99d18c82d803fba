"""The search conditions of each database, as data and as expressions for `filter` and `Case`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup
from django.db.models.sql.compiler import SQLCompiler

from workloom.core.db import vendor
from workloom.core.search.terms import Term
from workloom.core.search.tokens import (
    code_token,
    inner_needs,
    inner_parts,
    is_settled_by_parts,
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


class _Looks(_TextLookup):
    """A comparison of a column with a text that its class has `spelled`."""

    prepare_rhs = False
    operator = "LIKE"

    def __init__(self, column: str, spelled: str) -> None:
        super().__init__(F(column), spelled)

    @staticmethod
    def spelled(text: str) -> str:
        """Spell a text as the comparison takes it."""
        return text

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        """Compare, in the words that all three databases know."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} {self.operator} %s", [*params, self.rhs]


class Holds(_Looks):
    """Whether a column of search text holds a string, which has nothing that LIKE would take for a wildcard.

    On MariaDB LIKE takes half of INSTR's time. PostgreSQL's planner takes LIKE for rarer than it is beside an index that
    finds the same rows, and gives this function an even chance.
    """

    lookup_name = "holds"

    @staticmethod
    def spelled(text: str) -> str:
        """Spell it as the engine looks for it."""
        return f"%{text}%" if vendor() == "mysql" else text

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        """LIKE folds case on SQLite, which costs time."""
        column, params = self.process_lhs(compiler, connection)
        return f"instr({column}, %s) > 0", [*params, self.rhs]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        """Leave patterns out of it."""
        column, params = self.process_lhs(compiler, connection)
        return f"strpos({column}, %s) > 0", [*params, self.rhs]


class Ends(_Looks):
    """Whether a column ends in a string without wildcards; its letters, if any, are small ones."""

    lookup_name = "ends"

    @staticmethod
    def spelled(text: str) -> str:
        """Spell it for LIKE."""
        return f"%{text}"


class Is(_Looks):
    """Whether a column is a string."""

    lookup_name = "is"
    operator = "="


class HoldsInside(_Looks):
    """Whether words of a column's search text have parts that begin as wanted: PostgreSQL's index over such parts."""

    lookup_name = "holds_inside"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> _Sql:
        """Repeat the expression that is indexed."""
        column, params = self.process_lhs(compiler, connection)
        return f"core_search_inner({column}) @@ %s::tsquery", [*params, self.rhs]


class Indexed(_TextLookup):
    """Whether the full-text index has an entry under all of the wanted tokens or trigrams."""

    lookup_name = "indexed"
    prepare_rhs = False

    def __init__(self, table: str, wanted: str) -> None:
        super().__init__(F("tokens") if vendor() == "postgresql" else F("pk"), wanted)
        self.table = table

    @staticmethod
    def spelled(wanted: str) -> str:
        """Leave it as it is."""
        return wanted

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


Condition = Holds | HoldsInside | Ends | Is | Indexed


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition as data: its `kind` and the column or table that it asks decide the SQL, its text is a value in it."""

    kind: type[Condition]
    place: str
    text: str

    @property
    def value(self) -> str:
        """The text as the condition takes it."""
        return self.kind.spelled(self.text)


def conditions(terms: tuple[Term, ...]) -> list[Clause]:
    """Return what must all hold for an entry to have all of the terms."""
    return {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mysql}[vendor()](terms)


def _sqlite(terms: tuple[Term, ...]) -> list[Clause]:
    grams = [gram for term in terms if not term.code for gram in trigrams(term)]
    found: list[Clause] = []
    if needs := _needs(terms):
        found.append(Clause(Indexed, TOKEN_TABLE, " AND ".join(needs)))
    if grams:
        found.append(Clause(Indexed, GRAM_TABLE, " AND ".join(f'"{gram}"' for gram in dict.fromkeys(grams))))
    return [*found, *_looks(term for term in terms if not is_settled_by_tokens(term))]


def _postgresql(terms: tuple[Term, ...]) -> list[Clause]:
    needs = [f"{need[:-1]}:*" if need.endswith("*") else need for need in _needs(terms)]
    parts = [f"'{part}':*" for term in terms if not term.code for part in inner_parts(term)]
    found: list[Clause] = [Clause(Indexed, TOKEN_TABLE, " & ".join(needs))] if needs else []
    if parts:
        found.append(Clause(HoldsInside, "body", " & ".join(dict.fromkeys(parts))))
    return [*found, *_looks(term for term in terms if not (is_settled_by_tokens(term) or is_settled_by_parts(term)))]


def _mysql(terms: tuple[Term, ...]) -> list[Clause]:
    needs = _needs(terms) + [need for term in terms if not term.code for need in inner_needs(term)]
    codes = [Clause(Holds, "tokens", f" {code_token(term.code)} ") for term in terms if term.code]
    wanted = " ".join(f"+{need}" for need in dict.fromkeys(needs))
    return [Clause(Indexed, TOKEN_TABLE, wanted), *codes, *_looks(terms)]


def _needs(terms: tuple[Term, ...]) -> list[str]:
    needs = [need for term in terms for need in ([code_token(term.code)] if term.code else short_needs(term))]
    return list(dict.fromkeys(needs))


def _looks(terms: Iterable[Term]) -> list[Clause]:
    return [Clause(Holds, "body", term.found_as) for term in terms if not term.code]

"""Compiling a query once: its SQL, and which of its parameters are the values of a call. For `prepared`, which keeps it."""

import functools
import operator
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, Q, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

from workloom.core.columns import Converters, Reader, converted, read_instants
from workloom.core.conditions import Unpreparable, built, laid_out
from workloom.core.instances import make_quick, quick
from workloom.core.statements import count, hold, run, run_rows, vendor

Update = tuple[QuerySet[Any, Any], Mapping[str, Any]]
"""Rows, and the new values of some of their columns."""
Rows = list[Any]
_LISTS = (list, tuple)


@dataclass(frozen=True, slots=True)
class Form:
    """One SQL text; `slots` tells for each parameter which value goes there, or (-1) which constant."""

    sql: str
    slots: tuple[tuple[int, Any], ...]
    read: Callable[[Any], Any]
    adapt: Callable[[Sequence[Any]], Sequence[Any]]
    table: str
    """Which one it writes; none when it reads."""
    is_plain: bool
    """It neither writes nor locks."""

    def run(self, values: Sequence[Any]) -> Any:
        """Run it; what reads may have a proof asked for with it."""
        execute = run if self.table else run_rows
        return execute(self.sql, self.bound(values), self.read, alone=self.is_plain)

    def hold(self, values: Sequence[Any]) -> None:
        hold(self.table, self.sql, self.bound(values))

    def bound(self, values: Sequence[Any]) -> list[Any]:
        bound = self.adapt(values)
        return [constant if at < 0 else bound[at] for at, constant in self.slots]

    def run_each(self, many: Sequence[Sequence[Any]]) -> Rows:
        """Run it for several lists of values, as parts of one statement.

        Django's union() refuses parts with a limit on SQLite, and MariaDB takes no limit in a subquery of IN;
        a UNION ALL over derived tables is read the same way by all three databases.
        """
        parts = [f"SELECT * FROM ({self.sql}) AS part_{at}" for at in range(len(many))]  # noqa: S608 - Django wrote it, with placeholders
        params = [value for values in many for value in self.bound(values)]
        return run_rows(" UNION ALL ".join(parts), params, self.read, alone=self.is_plain)


@dataclass(frozen=True, slots=True)
class Nothing:
    """What Django knows to find nothing without asking."""

    def run(self, values: Sequence[Any]) -> Rows:
        return []

    def hold(self, values: Sequence[Any]) -> None:
        """Write nothing, since nothing is found."""

    def run_each(self, many: Sequence[Sequence[Any]]) -> Rows:
        return []


@dataclass(frozen=True, slots=True)
class Refused:
    """What was found not to be preparable: not to be tried again."""

    reason: str

    def run(self, values: Sequence[Any]) -> Rows:
        raise Unpreparable(self.reason)

    def hold(self, values: Sequence[Any]) -> None:
        raise Unpreparable(self.reason)

    def run_each(self, many: Sequence[Sequence[Any]]) -> Rows:
        raise Unpreparable(self.reason)


def laid(value: Any, flat: list[Any]) -> Hashable:
    """Lay values out flat, lists filled up by their last to a power of two; return what of them decides the SQL."""
    if isinstance(value, Q):
        decides, inside = laid_out(value)
        return (decides, tuple([laid(one, flat) for one in inside]))
    if not isinstance(value, _LISTS):
        flat.append(value)
        return cast("Hashable", type(value))
    if not value:
        raise Unpreparable("An empty list finds nothing: do not ask.")
    size = 1 << (len(value) - 1).bit_length()
    flat.extend(value)
    flat.extend([value[-1]] * (size - len(value)))
    return (size, type(value[-1]))


def _replaced(values: Sequence[Any], left: Iterator[Any]) -> list[Any]:
    """Put others in the places of values that `laid` laid out."""
    return [_replaced_one(value, left) for value in values]


def _replaced_one(value: Any, left: Iterator[Any]) -> Any:
    if isinstance(value, Q):
        _, inside = laid_out(value)
        return built(value, iter(_replaced(inside, left)))
    if isinstance(value, list | tuple):
        return [next(left) for _ in range(1 << (len(value) - 1).bit_length())]
    return next(left)


def made_form(
    build: Callable[..., QuerySet[Any, Any] | Update], values: Sequence[Any], flat: Sequence[Any]
) -> Form | Nothing | Refused:
    """Compile twice, with different stand-ins: parameters that differ are values, all others constants."""
    once = [_stand_in(type(value), at, 0) for at, value in enumerate(flat)]
    again = [_stand_in(type(value), at, 1) for at, value in enumerate(flat)]
    try:
        built = build(*_replaced(values, iter(once)))
        read, sql, params = _compiled(built)
        _, other_sql, others = _compiled(build(*_replaced(values, iter(again))))
    except EmptyResultSet:
        return Nothing()
    except ValidationError as error:  # a text where the column holds something else
        return Refused(str(error))
    places = {_hashable(adapted(value)): at for at, value in enumerate(once)}
    slots = [
        (-1, param) if param == other else (places.get(_hashable(param), -1), None)
        for param, other in zip(params, others, strict=True)
    ]
    lost = set(_named_outright(values)) - {at for at, _ in slots}
    if sql != other_sql or lost or any(at < 0 and params[n] != others[n] for n, (at, _) in enumerate(slots)):
        return Refused(f"Not every value is a parameter of its own in: {sql}")
    adapt = _as_they_are if vendor() == "postgresql" else _adapted_all
    table, is_plain = _acts_on(built)
    return Form(sql, tuple(slots), read, adapt, table, is_plain)


def _acts_on(built: QuerySet[Any, Any] | Update) -> tuple[str, bool]:
    """Return the table that is written, and whether nothing is written or locked."""
    if isinstance(built, tuple):
        return built[0].model._meta.db_table, False  # noqa: SLF001 - Django's documented name for a model's facts
    return "", not built.query.select_for_update


def _named_outright(values: Sequence[Any]) -> Iterator[int]:
    """Yield the places of values that stand in no condition: those in one may drop out, as an operator's id does."""
    flat: list[Any] = []
    for value in values:
        start = len(flat)
        laid(value, flat)
        if not isinstance(value, Q):
            yield from range(start, len(flat))


def _compiled(built: QuerySet[Any, Any] | Update) -> tuple[Callable[[Any], Any], str, tuple[Any, ...]]:
    if isinstance(built, tuple):
        found, wanted = built
        query: Any = found.query.chain(UpdateQuery)
        query.add_update_values(wanted)
        sql, params = query.get_compiler(using=DEFAULT_DB_ALIAS).as_sql()
        return count, sql, tuple(params)
    compiler = built.query.get_compiler(using=DEFAULT_DB_ALIAS)
    sql, params = compiler.as_sql()
    read = _reader(built, compiler)
    return lambda cursor: read(cursor.fetchall()), sql, tuple(params)


def _hashable(value: Any) -> Any:
    """Return what finds a stand-in again; the driver's own kinds of whole numbers are whole numbers."""
    return (int if isinstance(value, int) else type(value), value)


def _stand_in(kind: type, at: int, turn: int) -> Any:
    number = 2 * at + turn
    if issubclass(kind, UUID):
        return UUID(int=0x5AFE << 112 | number)
    if issubclass(kind, str):
        return f"stand-in-{number}"
    if issubclass(kind, datetime):
        return datetime(2931, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    if issubclass(kind, date):
        return date(2931, 1, 1) + timedelta(days=number)
    if issubclass(kind, int) and not issubclass(kind, bool):
        return 28_000 + number
    if issubclass(kind, float):
        return 28_000.5 + number
    raise Unpreparable(f"A value of the type {kind.__name__} decides what the SQL is: make it a keyword.")


def adapted(value: Any) -> Any:
    """Spell a value as the columns' own types would."""
    adapt = _adapters().get(value.__class__)
    return value if adapt is None else adapt(value)


@functools.cache
def _adapters() -> dict[type, Callable[[Any], Any]]:
    ops = connection.ops
    of_times: dict[type, Callable[[Any], Any]] = {
        datetime: ops.adapt_datetimefield_value,
        date: ops.adapt_datefield_value,
    }
    return of_times if connection.features.has_native_uuid_field else {**of_times, UUID: operator.attrgetter("hex")}


def _as_they_are(values: Sequence[Any]) -> Sequence[Any]:
    """Leave to PostgreSQL's driver what it takes by itself."""
    return values


def _adapted_all(values: Sequence[Any]) -> Sequence[Any]:
    return [adapted(value) for value in values]


def _reader(found: QuerySet[Any, Any], compiler: SQLCompiler) -> Callable[[Rows], Rows]:
    """Return what makes of the driver's rows what iterating over the QuerySet would give."""
    selected = [column[0] for column in compiler.select]
    converters = _with_ours(selected, dict(compiler.get_converters(selected)))
    kind = found._iterable_class  # noqa: SLF001 - how a QuerySet gives its rows has no public name
    if issubclass(kind, FlatValuesListIterable):
        return lambda rows: [row[0] for row in converted(rows, converters)]
    if issubclass(kind, ValuesListIterable):
        return lambda rows: converted(rows, converters)
    if not issubclass(kind, ModelIterable):
        raise Unpreparable("Only rows and values_list can be prepared.")
    make = _maker(compiler)
    return lambda rows: [make(row) for row in converted(rows, converters)]


def _with_ours(selected: Sequence[Any], converters: dict[int, Any]) -> Converters:
    """Add who reads what PostgreSQL's kept cursor leaves as it was spelled."""
    for place, column in enumerate(selected):
        if vendor() == "postgresql" and column.output_field.get_internal_type() == "DateTimeField":
            steps, _ = converters.get(place, ((), column))
            converters[place] = ([Reader(read_instants), *steps], column)
    return converters


def _maker(compiler: SQLCompiler) -> Callable[[Sequence[Any]], Model]:
    """Return what makes an instance of a row, with those it was joined with and its annotations, as QuerySet does."""
    facts: Any = compiler.klass_info
    start, end = facts["select_fields"][0], facts["select_fields"][-1] + 1
    model, names = facts["model"], [selected[0].target.attname for selected in compiler.select[start:end]]
    related: Any = get_related_populators(facts, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg] # the stubs are a release ahead
    for populator in related:
        make_quick(populator)
    extra = tuple((compiler.annotation_col_map or {}).items())
    take, from_db = operator.itemgetter(slice(start, end)), quick(model).from_db

    def make(row: Sequence[Any]) -> Model:
        made: Model = from_db(DEFAULT_DB_ALIAS, names, take(row))
        for populator in related:
            populator.populate(row, made)
        for name, at in extra:
            setattr(made, name, row[at])
        return made

    return make

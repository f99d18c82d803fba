"""Queries whose SQL is made once: the hot path's one trick.

`@prepared` turns a function that builds a QuerySet into one that runs it. Its positional arguments are values, which
are bound anew at each call; its keyword-only arguments choose the SQL, which is made once for each combination:

    @prepared
    def _tasks_of(project: UUID, *, archived: bool) -> QuerySet[Task]:
        return Task.objects.filter(project=project, is_archived=archived)

    _tasks_of(project.pk, archived=False)  # a list of tasks

To make it, the function is called with stand-ins of the values' types and Django compiles what it returns; where the
stand-ins come out among the parameters, the values go. A value must therefore never decide what the SQL is: None, the
empty list and wildcards belong into keyword-only arguments. Lists are for `__in`; their SQL is made for the next power
of two. A Q made of plain data and `later` conditions may be a value too: what is data in it is bound anew.
"""

import operator
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, Q, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

from workloom.core.conditions import Unpreparable, built, laid_out
from workloom.core.statements import count, hold, run, run_for_types, vendor

Update = tuple[QuerySet[Any, Any], Mapping[str, Any]]
"""Rows, and the new values of some of their columns."""
P = ParamSpec("P")
R = TypeVar("R")
Rows = list[Any]
MOST_PARTS = 400
"""SQLite takes 500 parts of one statement."""
MIN_TOGETHER = 2
MOST_FORMS = 300
"""How many forms of one query are kept, of some ten kilobytes each; filters come in many combinations."""


@dataclass(frozen=True, slots=True)
class _Form:
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
        return run(self.sql, self.bound(values), self.read, alone=self.is_plain)

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
        return run(" UNION ALL ".join(parts), params, self.read, alone=self.is_plain)


@dataclass(frozen=True, slots=True)
class _Nothing:
    """What Django knows to find nothing without asking."""

    def run(self, values: Sequence[Any]) -> Rows:
        return []

    def hold(self, values: Sequence[Any]) -> None:
        """Write nothing, since nothing is found."""

    def run_each(self, many: Sequence[Sequence[Any]]) -> Rows:
        return []


@dataclass(frozen=True, slots=True)
class _Refused:
    """What was found not to be preparable: not to be tried again."""

    reason: str

    def run(self, values: Sequence[Any]) -> Rows:
        raise Unpreparable(self.reason)

    def hold(self, values: Sequence[Any]) -> None:
        raise Unpreparable(self.reason)

    def run_each(self, many: Sequence[Sequence[Any]]) -> Rows:
        raise Unpreparable(self.reason)


class Prepared(Generic[P, R]):
    """See the module; `first` returns the first row or None, `each` asks for several values at once."""

    def __init__(self, build: Callable[P, QuerySet[Any, R]]) -> None:
        self._build = build
        self._forms = Forms()
        update_wrapper(self, build)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Run the query and return everything that it finds."""
        shape = tuple(kwargs.items())
        found: list[R] = self._forms.run(shape, args, lambda *stand_ins: self._build(*stand_ins, **kwargs))
        return found

    def each(self, many: Sequence[tuple[Any, ...]], **kwargs: Any) -> list[R]:
        """Run the query, which has a limit, once for each of these values and return what all find, as one statement."""
        build: Callable[..., Any] = self._build
        return self._forms.run_each(tuple(kwargs.items()), many, lambda *stand_ins: build(*stand_ins, **kwargs))

    def asking(self, *args: P.args, **kwargs: P.kwargs) -> "Question":
        """Return the question that a call with the same arguments asks, for `asked_together`."""
        return self._forms.question(tuple(kwargs.items()), args, lambda *stand_ins: self._build(*stand_ins, **kwargs))

    def first(self, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Run the query and return what it finds first."""
        found = self(*args, **kwargs)
        return found[0] if found else None


Answers = dict[Hashable, Any]
"""What prepared questions were answered."""
Question = tuple["_Form | _Nothing | _Refused", list[Any]]
_told: ContextVar[Answers | None] = ContextVar("told", default=None)


@contextmanager
def remembering(told: Answers) -> Iterator[None]:
    """Ask no prepared question again inside the block that was answered there; nothing of it may be written meanwhile, and instances are shared."""
    token = _told.set(told)
    try:
        yield
    finally:
        _told.reset(token)


_foreseen: ContextVar[Answers | None] = ContextVar("foreseen", default=None)


@contextmanager
def asked_together(questions: Sequence[Question]) -> Iterator[None]:
    """Ask several questions in one statement, on PostgreSQL; who asks one of them inside the block is given that answer, once.

    Elsewhere nothing is asked ahead. Nothing may be written before that would change an answer. What is selected must
    be ids, texts, numbers, flags and instants, or lists of these.
    """
    token = _foreseen.set(_answers(questions))
    try:
        yield
    finally:
        _foreseen.reset(token)


def _answers(questions: Sequence[Question]) -> Answers:
    forms = [(form, values) for form, values in questions if isinstance(form, _Form)]
    if vendor() != "postgresql" or len(forms) < MIN_TOGETHER:
        return {}
    parts = [f"ARRAY(SELECT ROW(q{at}.*) FROM ({form.sql}) AS q{at})" for at, (form, _) in enumerate(forms)]  # noqa: S608 - as in run_each
    params = [value for form, values in forms for value in form.bound(values)]
    found = run_for_types(f"SELECT {', '.join(parts)}", params)
    if found is None:
        return {}
    return {
        _named(form, values): (form, form.read(_Read(rows))) for (form, values), rows in zip(forms, found, strict=True)
    }


class _Read:
    """Rows that were read already, as a cursor gives them."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def fetchall(self) -> Rows:
        """Return them."""
        return self._rows


def prepared(build: Callable[P, QuerySet[Any, R]]) -> Prepared[P, R]:
    """Make a function that builds a query one that runs it; see the module."""
    return Prepared(build)


class PreparedUpdate(Generic[P]):
    """See `prepared_update`."""

    def __init__(self, build: Callable[P, Update]) -> None:
        self._build = build
        self._forms = Forms()
        update_wrapper(self, build)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> int:
        """Change the rows and return how many those were."""
        shape = tuple(kwargs.items())
        changed: int | None = self._forms.run(shape, args, lambda *stand_ins: self._build(*stand_ins, **kwargs))
        return changed or 0

    def hold(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Change the rows with the transaction's next statement; see `statements.hold`."""
        self._forms.hold(tuple(kwargs.items()), args, lambda *stand_ins: self._build(*stand_ins, **kwargs))


def prepared_update(build: Callable[P, Update]) -> PreparedUpdate[P]:
    """Make a function that returns rows and what of them is to become what into one that changes them; see the module."""
    return PreparedUpdate(build)


def is_whole(found: QuerySet[Any, Any]) -> bool:
    """Tell whether a query is a table as it is, so that its SQL hangs on nothing but what is added to it."""
    query = found.query
    return not (query.where or query.annotations or query.is_sliced or query.distinct or query.combinator)


class Forms:
    """The SQL texts of one query by their shape."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, _Form | _Nothing | _Refused] = {}

    def run(self, shape: Hashable, values: Sequence[Any], build: Callable[..., Any]) -> Any:
        """Run the form for this shape and these kinds of values; `build` is called, with stand-ins, when there is none yet."""
        flat: list[Any] = []
        form = self._form(shape, values, flat, build)
        foreseen = _foreseen.get()
        if foreseen and (given := foreseen.pop(_named(form, flat), None)) is not None:
            return given[1]
        told = _told.get()
        if told is None:
            return form.run(flat)
        question = _named(form, flat)
        if question not in told:
            told[question] = (form, form.run(flat))  # which keeps the form, and so its id
        _, answer = told[question]
        return list(answer) if isinstance(answer, list) else answer

    def question(self, shape: Hashable, values: Sequence[Any], build: Callable[..., Any]) -> Question:
        """Return what `run` would ask."""
        flat: list[Any] = []
        return self._form(shape, values, flat, build), flat

    def hold(self, shape: Hashable, values: Sequence[Any], build: Callable[..., Any]) -> None:
        """Let the write for this shape and these kinds of values wait."""
        flat: list[Any] = []
        self._form(shape, values, flat, build).hold(flat)

    def run_each(self, shape: Hashable, many: Sequence[Sequence[Any]], build: Callable[..., Any]) -> Rows:
        """Run the form for each of several lists of values of the same kinds, in one statement for up to `MOST_PARTS`."""
        rows: Rows = []
        for start in range(0, len(many), MOST_PARTS):
            laid: list[list[Any]] = [[] for _ in many[start : start + MOST_PARTS]]
            for values, flat in zip(many[start:], laid, strict=False):
                form = self._form(shape, values, flat, build)
            rows.extend(form.run_each(laid))
        return rows

    def _form(
        self, shape: Hashable, values: Sequence[Any], flat: list[Any], build: Callable[..., Any]
    ) -> _Form | _Nothing | _Refused:
        """Return the form for these values, which are laid out into `flat`."""
        kinds = tuple([_laid(value, flat) for value in values])
        key = (vendor(), shape, kinds)
        form = self._kept.get(key)
        if form is None:
            if len(self._kept) >= MOST_FORMS:
                self._kept.clear()
            form = self._kept[key] = _made(build, values, flat)
        return form


def _named(form: object, flat: list[Any]) -> Hashable:
    return (id(form), tuple(flat))


def _laid(value: Any, flat: list[Any]) -> Hashable:
    """Lay values out flat, lists filled up by their last to a power of two; return what of them decides the SQL."""
    if isinstance(value, Q):
        decides, inside = laid_out(value)
        return (decides, tuple([_laid(one, flat) for one in inside]))
    if not isinstance(value, list | tuple):
        flat.append(value)
        return cast("Hashable", type(value))
    if not value:
        raise Unpreparable("An empty list finds nothing: do not ask.")
    size = 1 << (len(value) - 1).bit_length()
    flat.extend(value)
    flat.extend([value[-1]] * (size - len(value)))
    return (size, type(value[-1]))


def _replaced(values: Sequence[Any], left: Iterator[Any]) -> list[Any]:
    """Put others in the places of values that `_laid` laid out."""
    return [_replaced_one(value, left) for value in values]


def _replaced_one(value: Any, left: Iterator[Any]) -> Any:
    if isinstance(value, Q):
        _, inside = laid_out(value)
        return built(value, iter(_replaced(inside, left)))
    if isinstance(value, list | tuple):
        return [next(left) for _ in range(1 << (len(value) - 1).bit_length())]
    return next(left)


def _made(
    build: Callable[..., QuerySet[Any, Any] | Update], values: Sequence[Any], flat: Sequence[Any]
) -> _Form | _Nothing | _Refused:
    """Compile twice, with different stand-ins: parameters that differ are values, all others constants."""
    once = [_stand_in(type(value), at, 0) for at, value in enumerate(flat)]
    again = [_stand_in(type(value), at, 1) for at, value in enumerate(flat)]
    try:
        built = build(*_replaced(values, iter(once)))
        read, sql, params = _compiled(built)
        _, other_sql, others = _compiled(build(*_replaced(values, iter(again))))
    except EmptyResultSet:
        return _Nothing()
    except ValidationError as error:  # a text where the column holds something else
        return _Refused(str(error))
    places = {_hashable(adapted(value)): at for at, value in enumerate(once)}
    slots = [
        (-1, param) if param == other else (places.get(_hashable(param), -1), None)
        for param, other in zip(params, others, strict=True)
    ]
    lost = set(_named_outright(values)) - {at for at, _ in slots}
    if sql != other_sql or lost or any(at < 0 and params[n] != others[n] for n, (at, _) in enumerate(slots)):
        return _Refused(f"Not every value is a parameter of its own in: {sql}")
    adapt = _as_they_are if vendor() == "postgresql" else _adapted_all
    table, is_plain = _acts_on(built)
    return _Form(sql, tuple(slots), read, adapt, table, is_plain)


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
        _laid(value, flat)
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
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _as_they_are(values: Sequence[Any]) -> Sequence[Any]:
    """Leave to PostgreSQL's driver what it takes by itself."""
    return values


def _adapted_all(values: Sequence[Any]) -> Sequence[Any]:
    return [adapted(value) for value in values]


def _reader(found: QuerySet[Any, Any], compiler: SQLCompiler) -> Callable[[Rows], Rows]:
    """Return what makes of the driver's rows what iterating over the QuerySet would give."""
    converters = compiler.get_converters([selected[0] for selected in compiler.select])
    kind = found._iterable_class  # noqa: SLF001 - how a QuerySet gives its rows has no public name

    def converted(rows: Iterable[Any]) -> Iterable[Any]:
        return compiler.apply_converters(rows, converters) if converters else rows

    if issubclass(kind, FlatValuesListIterable):
        return lambda rows: [row[0] for row in converted(rows)]
    if issubclass(kind, ValuesListIterable):
        return lambda rows: [tuple(row) for row in converted(rows)] if converters else rows
    if not issubclass(kind, ModelIterable):
        raise Unpreparable("Only rows and values_list can be prepared.")
    make = _maker(compiler)
    return lambda rows: [make(row) for row in converted(rows)]


def _maker(compiler: SQLCompiler) -> Callable[[Sequence[Any]], Model]:
    """Return what makes an instance of a row, with those it was joined with and its annotations, as QuerySet does."""
    facts: Any = compiler.klass_info
    start, end = facts["select_fields"][0], facts["select_fields"][-1] + 1
    model, names = facts["model"], [selected[0].target.attname for selected in compiler.select[start:end]]
    related: Any = get_related_populators(facts, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg] # the stubs are a release ahead
    extra = tuple((compiler.annotation_col_map or {}).items())
    take = operator.itemgetter(slice(start, end))

    def make(row: Sequence[Any]) -> Model:
        made: Model = model.from_db(DEFAULT_DB_ALIAS, names, take(row))
        for populator in related:
            populator.populate(row, made)
        for name, at in extra:
            setattr(made, name, row[at])
        return made

    return make

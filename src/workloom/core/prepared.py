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

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from django.db.models import QuerySet

from workloom.core.compiled import Form, Nothing, Refused, Rows, Update, laid, made_form
from workloom.core.statements import Fetched, Proof, all_rows, owe, run_for_types, run_rows, vendor

__all__ = [
    "Answers", "Forms", "Question", "Update", "asked_together", "is_whole", "owe_finding", "prepared", "prepared_update", "remembering",
]  # fmt: skip
P = ParamSpec("P")
R = TypeVar("R")
MOST_PARTS = 400
"""SQLite takes 500 parts of one statement."""
MIN_TOGETHER = 2
MOST_FORMS = 300
"""How many forms of one query are kept, of some ten kilobytes each; filters come in many combinations."""


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
Question = tuple["Form | Nothing | Refused", list[Any]]
_told: ContextVar[Answers | None] = ContextVar("told", default=None)


@contextmanager
def remembering(told: Answers) -> Iterator[None]:
    """Ask no prepared question again inside the block that was answered there; nothing of it may be written meanwhile, and instances are shared."""
    token = _told.set(told)
    try:
        yield
    finally:
        _told.reset(token)


_Asked = list[tuple[Form, list[Any]]]
_Foreseen = list[tuple[Form, list[Any], Any]]
_foreseen: ContextVar[_Foreseen | None] = ContextVar("foreseen", default=None)
"""What was asked ahead, of which values, and the answer. Values are mostly the very same, which shows at once; ids hash slowly."""


def owe_finding(question: Question, *, refuted: Callable[[], object]) -> None:
    """Have it proven, with the connection's next question, that this one finds something; see `statements.owe`."""
    form, values = question
    if not isinstance(form, Form):
        raise TypeError("What cannot be prepared cannot be owed.")
    owe(Proof(form.sql, form.bound(values), refuted))


@contextmanager
def asked_together(questions: Sequence[Question], *, alike: bool = False) -> Iterator[bool]:
    """Ask several questions in one statement; who asks one of them inside the block is given that answer, once.

    What is given says whether they were asked. One of them may lock what it finds: the others are answered as all was
    before it was waited for.

    `alike` says that all find rows of the same kinds of columns, and in no order, which is quicker for many. It is done
    on PostgreSQL and, where they are alike, on SQLite; elsewhere nothing is asked ahead. Nothing may be written before
    that would change an answer. What is selected must be ids, texts, numbers, flags and instants, or lists of these.
    """
    found = _answers(questions, _rows_alike if alike else _rows_of_each)
    token = _foreseen.set(found)
    try:
        yield bool(found)
    finally:
        _foreseen.reset(token)


def _answers(questions: Sequence[Question], ask: Callable[[_Asked], Sequence[Rows] | None]) -> _Foreseen:
    asked = [(form, values) for form, values in questions if isinstance(form, Form)]
    can_ask = vendor() == "postgresql" or (vendor() == "sqlite" and ask is _rows_alike)
    found = ask(asked) if can_ask and len(asked) >= MIN_TOGETHER else None
    if found is None:
        return []
    return [(form, values, form.read(Fetched(rows))) for (form, values), rows in zip(asked, found, strict=True)]


def _rows_of_each(asked: _Asked) -> Sequence[Rows] | None:
    return run_for_types(_in_arrays(tuple([form.sql for form, _ in asked])), _bound(asked))


@lru_cache(maxsize=1000)
def _in_arrays(questions: tuple[str, ...]) -> str:
    parts = [f"ARRAY(SELECT ROW(q{at}.*) FROM ({sql}) AS q{at})" for at, sql in enumerate(questions)]  # noqa: S608 - as in run_each
    return f"SELECT {', '.join(parts)}"


def _rows_alike(asked: _Asked) -> Sequence[Rows]:
    parts = [f"SELECT {at}, q{at}.* FROM ({form.sql}) AS q{at}" for at, (form, _) in enumerate(asked)]  # noqa: S608 - as above
    found: list[Rows] = [[] for _ in asked]
    for row in run_rows(" UNION ALL ".join(parts), _bound(asked), all_rows, alone=True):
        found[row[0]].append(row[1:])
    return found


def _bound(asked: _Asked) -> list[Any]:
    return [value for form, values in asked for value in form.bound(values)]


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
        self._kept: dict[Hashable, Form | Nothing | Refused] = {}

    def run(self, shape: Hashable, values: Sequence[Any], build: Callable[..., Any]) -> Any:
        """Run the form for this shape and these kinds of values; `build` is called, with stand-ins, when there is none yet."""
        flat: list[Any] = []
        form = self._form(shape, values, flat, build)
        foreseen = _foreseen.get() or []
        for at, (asked, given, answer) in enumerate(foreseen):
            if asked is form and given == flat:
                del foreseen[at]
                return answer
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
    ) -> Form | Nothing | Refused:
        """Return the form for these values, which are laid out into `flat`."""
        kinds = tuple([laid(value, flat) for value in values])
        key = (vendor(), shape, kinds)
        form = self._kept.get(key)
        if form is None:
            if len(self._kept) >= MOST_FORMS:
                self._kept.clear()
            form = self._kept[key] = made_form(build, values, flat)
        return form


def _named(form: object, flat: list[Any]) -> Hashable:
    return (id(form), tuple(flat))

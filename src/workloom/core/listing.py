"""What a list can do, declared where it is born: its projection, orders, filters and expandable relations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from django.db.models import Expression, Model, Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.prepared import Forms, Question

Row = TypeVar("Row", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who asks, and for which expanded relations."""

    actor: Actor
    expand: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Projection(Generic[Row]):
    """A page in one query: `columns` (in order) become tuples, `build` makes typed rows of them with one query per nested relation."""

    row: type[Row]
    columns: tuple[str, ...]
    build: Callable[[Sequence[tuple[Any, ...]], Wanted], list[Row]]
    annotations: Mapping[str, Expression | Any] = field(default_factory=dict)
    expandable: tuple[str, ...] = ()
    on_request: Mapping[str, Callable[[Row], object]] = field(default_factory=dict)
    """Fields that are made of a row only when `fields` names them."""
    forms: Forms = field(default_factory=Forms, repr=False, compare=False)
    """The SQL of `by_id`, once made."""

    def prepared(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """Add what the columns need and the model does not hold."""
        return found.annotate(**self.annotations) if self.annotations else found

    def rows(self, found: QuerySet[Any], wanted: Wanted) -> list[Row]:
        """Read everything that a (bounded) query finds, in its order."""
        return self.build(list(self.prepared(found).values_list(*self.columns)), wanted)

    def of(self, held: Model, wanted: Wanted) -> Row:
        """Make the row of an instance that holds all that the columns name: what it was joined with, and the annotations."""
        return self.build([self._read(held)], wanted)[0]

    @cached_property
    def _read(self) -> Callable[[Model], tuple[Any, ...]]:
        return attrgetter(*[column.replace("__", ".") for column in self.columns])

    def one(self, found: QuerySet[Any], wanted: Wanted) -> Row:
        """Read exactly one row; raises IndexError when there is none."""
        return self.rows(found, wanted)[0]

    def by_id(self, model: type[Model], ids: Sequence[UUID], wanted: Wanted) -> list[Row]:
        """Read those rows of a table, in no order, by SQL that is made once."""
        if not ids:
            return []
        return self.build(self.forms.run(model, [list(ids)], self._finder(model)), wanted)

    def asking_by_id(self, model: type[Model], ids: Sequence[UUID]) -> Question:
        """Return what `by_id` asks, for `asked_together`; not for no ids."""
        return self.forms.question(model, [list(ids)], self._finder(model))

    def _finder(self, model: type[Model]) -> Callable[[Sequence[UUID]], QuerySet[Any, Any]]:
        def find(ids: Sequence[UUID]) -> QuerySet[Any, Any]:
            condition = {"pk": ids[0]} if len(ids) == 1 else {"pk__in": ids}
            return self.prepared(model._default_manager.filter(**condition)).values_list(*self.columns)  # noqa: SLF001 - Django's documented name for a model's rows

        return find


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to sort by; NULLs come last both ways. `kind` reads the value back from a cursor."""

    field: str
    kind: type = datetime
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter: each value becomes a condition; several values mean any of them, `name!=` excludes."""

    to_q: Callable[[str, Actor], Q]
    kind: str = "string"
    choices: tuple[str, ...] = ()
    many: bool = True
    help: str = ""
    within: Callable[[str, Actor, UUID], Q] | None = None
    """The same condition where the list is of one place (`Listing.place`), if that can be found quicker there."""


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """All that one list endpoint offers."""

    projection: Projection[Row]
    orders: Mapping[str, Order]
    default: str = "-created_at"
    filters: Mapping[str, Filter] = field(default_factory=dict)
    hidden_unless: Mapping[str, Q] = field(default_factory=dict)
    """Conditions that hold unless the named filter is sent, e.g. archived tasks."""
    place: str = ""
    """The filter by an id that makes it a list of one place, e.g. a project."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other names for filters and orders, understood and never shown."""
    tie: str = "pk"
    """The unique column of UUIDs that every order ends in."""
    forms: Forms = field(default_factory=Forms, repr=False, compare=False)
    """The SQL of its pages, once made."""

    def filter_named(self, sent: str) -> Filter | None:
        """Return the filter that a parameter names, by its name or an alias, with or without the ! that excludes."""
        name = sent.removesuffix("!")
        given = self.filters.get(self.aliases.get(name, name))
        return given if given is None or given.many or name == sent else None

    @cached_property
    def ordering_names(self) -> tuple[str, ...]:
        """Every value that `ordering` takes."""
        return tuple(form for name in self.orders for form in (name, f"-{name}"))

    @cached_property
    def filter_names(self) -> tuple[str, ...]:
        """Every filter, for those with values also the form that excludes."""
        return self._both_forms(self.filters)

    @cached_property
    def alias_names(self) -> tuple[str, ...]:
        """What is understood of other names, in both forms, and never printed."""
        return self._both_forms(self.aliases)

    def _both_forms(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            form
            for name in names
            if self.filter_named(name)
            for form in ((name, f"{name}!") if self.filter_named(f"{name}!") else (name,))
        )


def cursor_value(kind: type, raw: object) -> Any:
    """Read a value back from a cursor's JSON; raises ValueError or OverflowError when it is of another kind."""
    if raw is None:
        return None
    if kind in (datetime, date):
        if not isinstance(raw, str):
            raise ValueError("no time")
        value = kind.fromisoformat(raw)
        return value.astimezone(UTC) if isinstance(value, datetime) else value
    if kind is float and isinstance(raw, int):
        return float(raw)
    if not isinstance(raw, kind) or isinstance(raw, bool) is not (kind is bool):
        raise ValueError("of another kind")
    return raw

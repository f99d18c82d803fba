"""Conditions as data: what of a Q decides the SQL, and what is a value in it, so that lists can keep their SQL."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q

from workloom.core.actor import Actor

LARGEST_INT = 2**31 - 1
_VALUES = (UUID, str, date, float)
_CHOICES = (bool, type(None))


class Unpreparable(TypeError):
    """A value decides what the SQL is: it does not come out among the parameters as it went in."""


@dataclass(frozen=True)
class Later:
    """A condition that is built only where its SQL is made: `build` gets the values, or stand-ins for them.

    It goes wherever a Q's child goes. Everything that decides what `build` returns must be in `shape`.
    """

    build: Callable[..., Q]
    values: tuple[Any, ...] = ()
    shape: tuple[Hashable, ...] = ()

    conditional: ClassVar[bool] = True

    def made(self, values: tuple[Any, ...]) -> Q:
        """Build it of these values."""
        return self.build(*values, *self.shape)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Serve an ordinary QuerySet too."""
        return self.made(self.values).resolve_expression(*args, **kwargs)


def later(build: Callable[..., Q], *values: Any, shape: tuple[Hashable, ...] = ()) -> Q:
    """Return a condition that is built only where its SQL is made; see `Later`."""
    return Q(Later(build, values, shape))


def for_actor(build: Callable[[Actor], Q], actor: Actor) -> Q:
    """Return what `build` says of an actor as data: their ids are values, their kind, scopes and power decide the SQL.

    The actor that `build` gets has neither name nor zone.
    """
    known = () if actor.id is None else (actor.id,)
    limits = (list(actor.projects),) if actor.projects else ()
    empty = None if actor.projects is None else len(limits)
    return later(
        _said_of, *known, *limits, shape=(build, len(known), empty, actor.kind, actor.is_operator, actor.scopes)
    )


def _said_of(*given: Any) -> Q:
    *values, build, known, limits, kind, is_operator, scopes = given
    projects = None if limits is None else frozenset(values[-1] if limits else ())
    named = values[0] if known else None
    condition: Q = build(Actor(id=named, kind=kind, name="", is_operator=is_operator, scopes=scopes, projects=projects))
    return condition


def laid_out(condition: Q) -> tuple[Hashable, list[Any]]:
    """Split a condition into what decides its SQL and the values in it; raises Unpreparable for what is no data."""
    values: list[Any] = []
    return _shape(condition, values), values


def _shape(condition: Q, values: list[Any]) -> Hashable:
    return (condition.connector, condition.negated, tuple([_child(child, values) for child in condition.children]))


def _child(child: Any, values: list[Any]) -> Hashable:
    if isinstance(child, Q):
        return _shape(child, values)
    if isinstance(child, Later):
        values.extend(child.values)
        return (child.build, len(child.values), child.shape)
    if not isinstance(child, tuple):
        raise Unpreparable("Expressions in conditions are made anew each time.")
    name: str = child[0]
    value: Any = child[1]
    if isinstance(value, _CHOICES) or (isinstance(value, list | tuple | set | frozenset) and not value):
        return (name, repr(value))
    if isinstance(value, set | frozenset):
        value = list(value)
    if not _is_value(value):
        raise Unpreparable(f"{name} is compared with what is no plain value.")
    values.append(value)
    return name


def _is_value(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_value(one) for one in value)
    return isinstance(value, _VALUES) or (isinstance(value, int) and abs(value) <= LARGEST_INT)


def built(condition: Q, values: Iterator[Any]) -> Q:
    """Build a condition of the same shape with other values, in the order of `laid_out`."""
    made = Q(_connector=condition.connector, _negated=condition.negated)
    made.children = [_built_child(child, values) for child in condition.children]
    return made


def _built_child(child: Any, values: Iterator[Any]) -> Any:
    if isinstance(child, Q):
        return built(child, values)
    if isinstance(child, Later):
        return child.made(tuple([next(values) for _ in child.values]))
    name, value = child
    if isinstance(value, _CHOICES) or (isinstance(value, list | tuple | set | frozenset) and not value):
        return child
    return (name, next(values))

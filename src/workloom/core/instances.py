"""Instances made at once, where Django would set one field after the other and tell listeners although there are none."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import ForeignKey, Model
from django.db.models.base import ModelState
from django.db.models.signals import post_init, pre_init

M = TypeVar("M", bound=Model)


class Makes(Protocol):
    """What makes an instance of a row's values: a model, or who does it more quickly."""

    def from_db(self, db: str | None, field_names: Any, values: Sequence[Any], /) -> Any:
        """Return an instance as it is stored."""


class _Quick:
    """Makes instances of one model as `Model.from_db` does; fields that were not read stay deferred."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model

    def from_db(self, db: str | None, field_names: Any, values: Sequence[Any], /) -> Any:
        """Return an instance as it is stored."""
        made = self._model.__new__(self._model)
        state = ModelState()
        state.adding, state.db = False, db
        held = made.__dict__
        held["_state"] = state
        held.update(zip(field_names, values, strict=True))
        return made


@functools.cache
def quick(model: type[Model]) -> Makes:
    """Return what makes a model's instances: the model itself where something of its own belongs to that."""
    own = model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined] # a class method has one
    return model if own or not _is_plain(model) else _Quick(model)


def _is_plain(model: type[Model]) -> bool:
    """Tell whether making an instance does nothing but set its fields."""
    listens = pre_init.has_listeners(model) or post_init.has_listeners(model)
    return model.__init__ is Model.__init__ and not listens


def make_quick(populator: Any) -> None:
    """Let what Django makes joined rows with do it so, too."""
    populator.model_cls = quick(populator.model_cls)
    for inner in populator.related_populators:
        make_quick(inner)


def make_new(model: type[M], /, **values: Any) -> M:
    """Make an instance that is to be stored, as `model(**values)` does; a field's default stands for what is left out.

    Rows that it points at are given by name, or their keys by the name with `_id`; not both, and those that are one to
    one by their keys. Raises TypeError for other names, and ValueError for what is no such row.
    """
    parts = _parts_of(model)
    if parts is None:
        return model(**values)
    made = model.__new__(model)
    held = made.__dict__
    held["_state"] = state = ModelState()
    held.update(parts.constants)
    for name, make in parts.made.items():
        if name not in values:
            held[name] = make()
    for name, value in values.items():
        if name in parts.constants or name in parts.made:
            held[name] = value
        elif name in parts.pointers:
            column, target, kind = parts.pointers[name]
            if column in values:
                raise TypeError(f"{model.__name__} gets both {name} and {column}.")
            if value is None:
                held[column] = None
            elif isinstance(value, kind):
                held[column], state.db = getattr(value, target), DEFAULT_DB_ALIAS
            else:
                raise ValueError(f"{name} of {model.__name__} has to be a {kind.__name__}.")
            state.fields_cache[name] = value
        else:
            raise TypeError(f"{model.__name__} has no field {name}.")
    return made


@dataclass(frozen=True, slots=True)
class _Parts:
    """What an instance consists of: defaults that are always the same, those that are made, and pointers.

    By the name of each pointer there is its column, what of the other row it holds, and the other model.
    """

    constants: Mapping[str, Any]
    made: Mapping[str, Callable[[], Any]]
    pointers: Mapping[str, tuple[str, str, type[Model]]]


@functools.cache
def _parts_of(model: type[Model]) -> _Parts | None:
    """Return them, or None where Django has to make instances itself."""
    fields: Sequence[Any] = model._meta.concrete_fields  # noqa: SLF001 - Django's documented name for a model's facts
    if not _is_plain(model) or any(field.has_db_default() or field.generated for field in fields):
        return None
    made = {field.attname: field.default for field in fields if callable(field.default) and field.has_default()}
    constants = {field.attname: field.get_default() for field in fields if field.attname not in made}
    pointers = {
        field.name: (field.attname, field.target_field.attname, field.target_field.model)
        for field in fields
        if isinstance(field, ForeignKey) and not field.unique
    }
    return _Parts(constants, made, pointers)

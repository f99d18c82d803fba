"""Instances of rows, made at once where Django would set one field after the other and tell listeners that there are none of."""

import functools
from collections.abc import Sequence
from typing import Any, Protocol

from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.signals import post_init, pre_init


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
    listens = pre_init.has_listeners(model) or post_init.has_listeners(model)
    own = model.__init__ is not Model.__init__ or model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined] # a class method has one
    return model if listens or own else _Quick(model)


def make_quick(populator: Any) -> None:
    """Let what Django makes joined rows with do it so, too."""
    populator.model_cls = quick(populator.model_cls)
    for inner in populator.related_populators:
        make_quick(inner)

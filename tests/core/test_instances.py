"""Instances that are made at once are those that Django makes."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model, signals

from tests.cast import Cast
from tests.work.tasks.making import make_task
from workloom.core.instances import make_new, quick
from workloom.work.tasks.models import Task, Watcher

MODELS = [model for model in apps.get_models() if model.__module__.startswith("workloom.")]


def held_by(instance: Model) -> dict[str, Any]:
    """Return an instance's values, with the kind of those that are made anew each time in their place."""
    made = {field.attname for field in instance._meta.concrete_fields if callable(field.default)}
    return {
        name: type(value) if name in made else value for name, value in vars(instance).items() if name != "_state"
    } | {"_state": {"fields_cache": {}} | vars(instance._state)}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_new_instance_has_the_defaults_of_each_field(model: type[Model]) -> None:
    assert held_by(make_new(model)) == held_by(model())


def test_a_new_instance_holds_what_it_points_at(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    values: dict[str, Any] = {"number": 7, "title": "x", "project": cast.project, "parent": task, "category": None}
    values |= {"reporter_id": cast.admin.pk}
    made, usual = make_new(Task, **values), Task(**values)
    assert held_by(made) == held_by(usual)
    assert (made.project, made.parent, made.category) == (cast.project, task, None)
    assert made.pk != usual.pk
    made.board, made.status = task.board, task.status
    made.rank, made.created_at, made.updated_at = "zz", task.created_at, task.updated_at
    made.save()
    assert Task.objects.get(pk=made.pk).title == "x"


def test_a_name_that_is_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="nonsense"):
        make_new(Watcher, nonsense=1)


def test_a_row_and_its_key_are_not_both_taken() -> None:
    with pytest.raises(TypeError, match="both task and task_id"):
        make_new(Watcher, task=Task(), task_id=Task().pk)


def test_a_row_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="has to be a Task"):
        make_new(Watcher, task=Watcher())


def test_rows_become_what_django_makes_of_them(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    names = [field.attname for field in Task._meta.concrete_fields]
    row = [getattr(task, name) for name in names]
    made = quick(Task).from_db("default", names, row)
    assert held_by(made) == held_by(Task.from_db("default", names, row))
    part = quick(Task).from_db("default", names[:3], row[:3])
    assert part.get_deferred_fields() == set(names[3:])
    assert part.title == task.title


def test_who_listens_is_told() -> None:
    told: list[Any] = []

    def listen(instance: Model, **_: Any) -> None:
        told.append(instance)

    quick.cache_clear()
    signals.post_init.connect(listen, sender=Watcher)
    try:
        names = [field.attname for field in Watcher._meta.concrete_fields]
        made = quick(Watcher).from_db("default", names, [None] * len(names))
    finally:
        signals.post_init.disconnect(listen, sender=Watcher)
        quick.cache_clear()
    assert told == [made]

from typing import ClassVar

import pytest
from django.db import transaction

from tests.factories import make_user
from workloom.core.context import Context, using_context
from workloom.core.ids import uuid7
from workloom.events.models import LogRow
from workloom.events.publish import publish
from workloom.events.queries import fields_touched_since, last_value
from workloom.events.record import Event, OutsideTransaction, record, record_many


class ThingChanged(Event):
    type: ClassVar[str] = "thing.changed"
    object_type: ClassVar[str] = "thing"


@pytest.fixture(autouse=True, scope="module")
def forgotten() -> object:
    """The type is not of the product: it must not stay in the catalogue that other tests read."""
    yield
    Event.known.pop("thing.changed", None)


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_run_outside_a_transaction() -> None:
    actor = make_user().as_actor()
    with pytest.raises(OutsideTransaction):
        record(ThingChanged(object_id=uuid7()), actor=actor)
    assert LogRow.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_recorded_and_takes_no_number() -> None:
    actor = make_user().as_actor()
    with transaction.atomic():
        record(ThingChanged(object_id=uuid7()), actor=actor)
        transaction.set_rollback(True)
    with transaction.atomic():
        record(ThingChanged(object_id=uuid7()), actor=actor)
    publish()
    assert list(LogRow.objects.values_list("seq", flat=True)) == [1]


def test_what_is_personal_stands_apart(db: None) -> None:
    actor = make_user("ada").as_actor()
    with using_context(Context("r-1", "api", "203.0.113.7", "curl")):
        changes = {"title": ("Old", "New"), "status": ("todo", "done")}
        record(ThingChanged(object_id=uuid7(), changes=changes), actor=actor)
    row = LogRow.objects.get()
    assert row.changes == {"status": ["todo", "done"]}
    assert row.private == {
        "actor": "Ada",
        "ip": "203.0.113.7",
        "user_agent": "curl",
        "changes": {"title": ["Old", "New"]},
    }
    assert (row.request_id, row.via, row.actor_kind) == ("r-1", "api", "user")


def test_the_log_knows_which_fields_changed_since_a_version(db: None) -> None:
    actor, thing = make_user().as_actor(), uuid7()
    steps = [{}, {"title": ("a", "b")}, {"status": ("todo", "done")}]
    record_many(
        [ThingChanged(object_id=thing, version=at + 1, changes=step) for at, step in enumerate(steps)], actor=actor
    )
    assert fields_touched_since(thing, 1) == {"title", "status"}
    assert fields_touched_since(thing, 2) == {"status"}
    assert fields_touched_since(thing, 3) == set()
    assert fields_touched_since(uuid7(), 1) is None
    assert last_value(thing, "status", lambda old: old == "todo") == "todo"
    assert last_value(thing, "status", lambda old: old == "review") is None


def test_many_are_numbered_in_their_order(db: None) -> None:
    actor = make_user().as_actor()
    ids = record_many([ThingChanged(object_id=uuid7()) for _ in range(1200)], actor=actor)
    publish()
    rows = list(LogRow.objects.order_by("seq").values_list("seq", "id"))
    assert rows == [(at + 1, key) for at, key in enumerate(ids)]

"""What a batch costs does not grow with its tasks or with who listens."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.factories import make_project, make_session, make_user
from tests.work.tasks.making import make_task, make_tasks
from workloom.events.publish import publish
from workloom.events.queries import last_seq
from workloom.outlets.realtime.queries.alive import ended
from workloom.outlets.realtime.queries.changes import read_changes
from workloom.outlets.realtime.queries.telling import messages_for
from workloom.outlets.realtime.rows import Message
from workloom.outlets.realtime.rules import Seat
from workloom.people.accounts.models import User
from workloom.work.projects.models import ProjectMember


def seats_of(cast: Cast, count: int, role: str) -> list[Seat]:
    people = [make_user() for _ in range(count)]
    rows = [ProjectMember(project=cast.project, user=one, role=role, created_at=one.created_at) for one in people]
    ProjectMember.objects.bulk_create(rows)
    return [seat_of(one) for one in people]


def seat_of(who: User) -> Seat:
    return Seat(who.as_actor(make_session(who).pk))


def costs(cast: Cast, tasks: int, seats: list[Seat]) -> tuple[int, dict[Seat, list[Message]]]:
    publish()
    begin = last_seq()
    parent = make_task(cast.project, cast.admin, "Parent")
    make_tasks(cast.project, cast.admin, [f"Task {at}" for at in range(tasks)], parent=parent)
    publish()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert ended(seats) == []
        told = messages_for(read_changes(begin), seats)
    return len(captured), told


def test_more_tasks_and_more_listeners_cost_no_more_queries(cast: Cast) -> None:
    few, _ = costs(cast, 2, seats_of(cast, 2, "member") + seats_of(cast, 2, "guest"))
    many, told = costs(cast, 40, seats_of(cast, 30, "member") + seats_of(cast, 30, "guest"))
    assert few == many
    assert many <= 12
    assert [len(messages) for messages in told.values()] == [41] * 30


def test_a_task_is_encoded_once_for_all_who_read_the_same(cast: Cast) -> None:
    _, told = costs(cast, 1, seats_of(cast, 20, "viewer"))
    assert len({id(message) for messages in told.values() for message in messages}) == 2


def test_listeners_elsewhere_are_not_even_looked_at(cast: Cast) -> None:
    far = seat_of(cast.outsider)
    make_project(cast.outsider)
    assert costs(cast, 1, [far])[1] == {}

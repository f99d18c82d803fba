"""Narrowing, going on where one left off, and keeping up."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from tests.cast import Cast
from tests.factories import make_project
from tests.outlets.realtime.listening import Client, Listening
from tests.work.tasks.making import make_task, make_tasks
from workloom.core.clock import now
from workloom.core.context import Context, using_context
from workloom.core.db import run_write
from workloom.core.ids import uuid7
from workloom.events.prune import prune_old_events
from workloom.events.queries import last_seq, log_rows
from workloom.outlets.realtime import rules
from workloom.outlets.realtime.doors import replaying
from workloom.outlets.realtime.hub import connection, hub
from workloom.outlets.realtime.queries import replay
from workloom.outlets.realtime.queries.changes import read_changes

pytestmark = pytest.mark.django_db(transaction=True)


def titles(messages: list[dict[str, Any]]) -> list[str]:
    return [message["task"]["title"] for message in messages]


def told(client: Client, count: int) -> list[dict[str, Any]]:
    return [client.next() for _ in range(count)]


def test_a_subscription_narrows(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    second = make_project(cast.admin, cast.workspace, key="TWO")
    client = house.joined(cast.admin, projects=[str(second.pk)])
    make_task(cast.project, cast.admin, "In the first")
    make_task(second, cast.admin, "In the second")
    assert client.next()["task"]["title"] == "In the second"
    client.send({"type": "subscribe"})
    confirmed = client.next()
    assert (confirmed["type"], confirmed["projects"]) == ("subscribed", None)
    make_task(cast.project, cast.admin, "In the first again")
    assert client.next()["task"]["title"] == "In the first again"


@pytest.mark.parametrize("name", ["member", "guest"])
def test_what_one_may_not_see_cannot_be_subscribed_to(house: Listening, transactional_cast: Cast, name: str) -> None:
    cast = transactional_cast
    client = house.joined(cast.people[name])
    for unseen in (str(cast.far_project.pk), str(uuid7())):
        client.send({"type": "subscribe", "projects": [str(cast.project.pk), unseen]})
        message = client.next()
        assert (message["type"], message["code"], message["projects"]) == ("error", "not_found", [unseen])
    make_task(cast.project, cast.admin, "News", assignees=(cast.people[name].pk,))
    assert client.next()["task"]["title"] == "News"


def test_what_was_missed_comes_first_and_in_order(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    begin = last_seq()
    make_tasks(cast.project, cast.admin, [f"Missed {at}" for at in range(5)])
    client = house.joined(cast.member, after=begin)
    make_task(cast.project, cast.admin, "Live")
    messages = told(client, 6)
    assert titles(messages) == [*(f"Missed {at}" for at in range(5)), "Live"]
    assert [message["seq"] for message in messages] == list(range(begin + 1, begin + 7))


def test_going_on_from_any_message_misses_nothing_and_repeats_nothing(
    house: Listening, transactional_cast: Cast
) -> None:
    cast = transactional_cast
    begin = last_seq()
    make_tasks(cast.project, cast.admin, [f"Task {at}" for at in range(8)])
    seen = []
    for _ in range(8):
        client = house.joined(cast.member, after=begin)
        message = client.next()
        seen.append(message["task"]["title"])
        begin = message["seq"]
        client.leave()
    assert seen == [f"Task {at}" for at in range(8)]


def test_what_happens_while_the_past_is_told_waits_its_turn(
    house: Listening, transactional_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = transactional_cast
    begin = last_seq()
    make_tasks(cast.project, cast.admin, ["One", "Two"])
    read = replay.read_missed

    def read_while_others_write(seat: rules.Seat, after: int) -> replay.Told:
        page = read(seat, after)
        make_task(cast.project, cast.admin, "Meanwhile")
        return page

    monkeypatch.setattr(replaying, "read_missed", read_while_others_write)
    client = house.joined(cast.member, after=begin)
    messages = told(client, 3)
    make_task(cast.project, cast.admin, "Afterwards")
    messages += told(client, 1)
    assert titles(messages) == ["One", "Two", "Meanwhile", "Afterwards"]
    assert [message["seq"] for message in messages] == list(range(begin + 1, begin + 5))


def test_many_pages_are_told_like_one(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    begin = last_seq()
    make_tasks(cast.project, cast.admin, [f"Task {at}" for at in range(rules.PAGE + 7)])
    client = house.joined(cast.member, after=begin)
    messages = told(client, rules.PAGE + 7)
    assert [message["seq"] for message in messages] == list(range(begin + 1, begin + rules.PAGE + 8))


@override_settings(EVENTS_KEEP_DAYS=1, CONSUMERS={})
def test_what_is_no_longer_kept_is_to_be_read_anew(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    make_task(cast.project, cast.admin, "Old")
    from_before = last_seq() - 1
    log_rows().update(occurred_at=now() - timedelta(days=3))
    assert prune_old_events() > 0
    client = house.joined(cast.member, projects=[str(cast.project.pk)], after=from_before)
    assert client.next() == {"type": "resync", "projects": [str(cast.project.pk)], "seq": last_seq()}
    make_task(cast.project, cast.admin, "New")
    assert client.next()["task"]["title"] == "New"


def test_too_much_is_to_be_read_anew(
    house: Listening, transactional_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = transactional_cast
    monkeypatch.setattr(replay, "MOST_REPLAYED", 3)
    begin = last_seq()
    make_tasks(cast.project, cast.admin, [f"Task {at}" for at in range(4)])
    assert house.joined(cast.member, after=begin).next() == {"type": "resync", "projects": None, "seq": begin + 4}
    assert house.joined(cast.member, after=begin + 1).next()["task"]["title"] == "Task 1"


def test_a_place_to_come_is_no_place(house: Listening, transactional_cast: Cast) -> None:
    assert house.joined(transactional_cast.member, after=last_seq() + 5).next()["type"] == "resync"


def test_who_stops_reading_is_closed_and_the_others_go_on(
    house: Listening, transactional_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = transactional_cast
    monkeypatch.setattr(connection, "MOST_WAITING", 20)
    begin = last_seq()
    slow, quick = house.joined(cast.member), house.joined(cast.manager)
    slow.stall()
    for at in range(25):
        make_task(cast.project, cast.admin, f"Task {at}")
        assert titles(told(quick, 1)) == [f"Task {at}"]
    assert slow.ended.wait(20)
    assert house.live.hub.count_of(cast.member.pk) == 0
    back = house.joined(cast.member, after=begin)
    assert titles(told(back, 25)) == [f"Task {at}" for at in range(25)]


def test_an_import_is_one_hint_for_its_project(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    begin = last_seq()
    client = house.joined(cast.member)
    with using_context(Context(via="import")):
        make_tasks(cast.project, cast.admin, [f"Row {at}" for at in range(30)])
    make_task(cast.project, cast.admin, "After it")
    hint, after = told(client, 2)
    assert (hint["type"], hint["projects"]) == ("resync", [str(cast.project.pk)])
    assert after["task"]["title"] == "After it"
    again = told(house.joined(cast.member, after=begin), 2)
    assert [message["type"] for message in again] == ["resync", "task_update"]


def test_heartbeats_carry_the_number(
    house: Listening, transactional_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = transactional_cast
    monkeypatch.setattr(hub, "HEARTBEAT_S", 0.01)
    make_task(cast.project, cast.admin, "News")
    socket, stream = house.joined(cast.member), house.stream(cast.member)
    assert socket.message() == {"type": "heartbeat", "seq": last_seq()}
    while not (part := stream.part()).startswith(": heartbeat"):
        pass
    assert part == f": heartbeat\nid: {last_seq()}\n\n"


def test_two_processes_tell_the_same(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    other = Listening()
    try:
        clients = [one.joined(cast.member) for one in (house, other)]
        make_tasks(cast.project, cast.admin, ["One", "Two", "Three"])
        first, second = (told(client, 3) for client in clients)
        assert first == second
    finally:
        other.close()


def test_what_fails_to_be_told_is_to_be_read_anew(
    house: Listening, transactional_cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cast = transactional_cast
    client = house.joined(cast.member)
    with monkeypatch.context() as patched:
        patched.setattr(hub, "messages_for", lambda *_: 1 / 0)
        make_task(cast.project, cast.admin, "Lost")
        assert client.next()["type"] == "resync"
    make_task(cast.project, cast.admin, "Told")
    assert client.next()["task"]["title"] == "Told"
    assert "could not be told" in caplog.text


def test_what_cannot_even_be_read_is_passed_over(
    house: Listening, transactional_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = transactional_cast
    client, bad, real = house.joined(cast.member), last_seq() + 1, read_changes
    monkeypatch.setattr(hub, "read_changes", lambda after: 1 / 0 if after < bad else real(after))
    make_task(cast.project, cast.admin, "Unreadable")
    while client.next()["seq"] < bad:
        pass
    make_task(cast.project, cast.admin, "Told")
    client.until("Told")


def test_a_thread_does_not_outlive_its_last_connection_with_the_database(
    house: Listening, transactional_cast: Cast
) -> None:
    client = house.joined(transactional_cast.member)
    client.leave()
    run_write(lambda: make_task(transactional_cast.project, transactional_cast.admin, "Unheard"))
    begin = last_seq()
    again = house.joined(transactional_cast.member)
    make_task(transactional_cast.project, transactional_cast.admin, "Heard")
    assert again.next()["seq"] == begin + 1

"""Taking a seat: first what was missed, in order, then what happens from now on, with nothing lost or told twice between."""

from workloom.outlets.realtime.hub.connection import Connection
from workloom.outlets.realtime.hub.hub import Hub
from workloom.outlets.realtime.queries.changes import present_seq
from workloom.outlets.realtime.queries.replay import read_missed, read_page
from workloom.outlets.realtime.rows import Message, Subscribed
from workloom.outlets.realtime.rules import Seat


def take_new_seat(hub: Hub, connection: Connection, seat: Seat, floor: int) -> int:
    """Listen from now on, even where the hub has not yet told all that happened before; returns the number behind which all will come."""
    connection.floor = max(hub.enter(connection, seat, floor), floor)
    return connection.floor


async def take_seat_behind(hub: Hub, connection: Connection, seat: Seat, *, after: int, floor: int) -> None:
    """Tell what happened behind a place, then listen; what happens meanwhile waits its turn."""
    connection.hold()
    hub.enter(connection, seat, floor)
    told = await hub.replays.run(read_missed, seat, after)
    await connection.tell_in_turn(told.messages)
    while not told.is_end and connection.ending is None:
        await connection.flush()
        told = await hub.replays.run(read_page, seat, told.last)
        await connection.tell_in_turn(told.messages)
    connection.release(told.last)


def confirmation(seat: Seat, seq: int) -> Message:
    return Message(Subscribed(None if seat.projects is None else sorted(seat.projects), seq))


async def present_floor(hub: Hub) -> int:
    return await hub.workers.run(present_seq)

"""One process with SQLite: whatever of it is killed comes back by itself, or by whoever started it."""

import time
from typing import Final

from tests.faults.processes import until
from tests.faults.scene import SECONDS, Scene, Tell
from tests.faults.sockets import Watcher

_LONG: Final = "." * 96_000
_TOO_MUCH: Final = 120
"""So many updates with the long text are more than the server keeps for a client that does not read."""


def test_the_processes_that_serve_started_are_killed(embedded: Scene, record_property: Tell) -> None:
    with embedded.play("children", record_property) as act:
        for _ in act.strikes():
            for pid in embedded.house.web_children():
                embedded.house.kill_web_child(pid)
                embedded.house.forget(time.time())
                act.until_promised(5)


def test_serve_itself_is_killed(embedded: Scene, record_property: Tell) -> None:
    with embedded.play("serve", record_property) as act:
        for _ in act.strikes():
            embedded.house.kill_web()
            act.until_promised(10)


def test_a_consumer_raises(embedded: Scene, record_property: Tell) -> None:
    """It stays where it is and is listed with its error, while the others go on."""
    database = embedded.house.database
    with embedded.play("consumer", record_property) as act:
        with embedded.house.breaking_consumer():
            act.until_promised(20)
            found = "SELECT seq, attempts, error FROM events_consumer WHERE name = 'brittle' AND error <> ''"
            stuck = until(lambda: database.rows(found), "its error is listed")[0]
            assert f"MadeToRaise: at {stuck['seq'] + 1}" in stuck["error"]
            others = "SELECT count(*) FROM events_consumer WHERE name <> 'brittle' AND seq > ?"
            until(lambda: database.one(others, [stuck["seq"] + 20]) >= 2, "the others go on")
            act.load.until_second(SECONDS)
            behind = database.rows("SELECT name, seq FROM events_consumer")
            act.notes.append(f"places while it raised: { ({row['name']: row['seq'] for row in behind}) }")
        act.until_promised(5)


def test_a_client_stops_reading(embedded: Scene, record_property: Tell) -> None:
    """The server keeps no more than so much for it and ends the connection; the others hear everything in time."""
    with embedded.play("reader", record_property, text=_LONG) as act:
        sleeper = Watcher(embedded.house.port, embedded.people[0], act.load.projects, receive_buffer=4096)
        sleeper.start()
        assert sleeper.ready.wait(60)
        sleeper.reading.clear()
        act.watchers.append(sleeper)
        act.ends.callback(sleeper.stop)
        until(lambda: act.watchers[0].updates > _TOO_MUCH, "the others hear everything", seconds=SECONDS + 120)
        act.load.until_second(SECONDS)
        sleeper.reading.set()
        until(lambda: sleeper.connections > 1, "the sleeper was cut off and came back")
        act.notes.append(f"the sleeper: {sleeper.connections} connections, endings {sleeper.endings}")

"""One process with SQLite: whatever of it is killed comes back by itself, or by whoever started it."""

import time

from tests.faults.scene import Scene, Tell


def test_the_processes_that_serve_started_are_killed(embedded: Scene, record_property: Tell) -> None:
    with embedded.load("children", record_property) as load:
        for _ in load.strikes():
            for pid in embedded.house.web_children():
                embedded.house.kill_web_child(pid)
                embedded.house.forget(time.time())
                load.until_promised(5)


def test_serve_itself_is_killed(embedded: Scene, record_property: Tell) -> None:
    with embedded.load("serve", record_property) as load:
        for _ in load.strikes():
            embedded.house.kill_web()
            load.until_promised(10)


def test_a_consumer_raises(embedded: Scene, record_property: Tell) -> None:
    with embedded.load("consumer", record_property) as load:
        with embedded.house.breaking_consumer():
            load.until_promised(20)
        load.until_promised(5)

"""One process with SQLite: whatever of it is killed comes back by itself, or by whoever started it."""

import time

from tests.faults.scene import Scene, Tell


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
    with embedded.play("consumer", record_property) as act:
        with embedded.house.breaking_consumer():
            act.until_promised(20)
        act.until_promised(5)

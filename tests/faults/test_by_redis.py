"""PostgreSQL, Redis and Celery: each part is killed while people write."""

import sys
import time

from tests.faults.processes import until
from tests.faults.scene import SECONDS, Scene, Tell

_UNNUMBERED = "SELECT count(*) FROM events_logrow WHERE seq IS NULL"
PUBLISHER = [sys.executable, "-m", "tests.faults.dying_publisher"]


def test_redis_is_killed(by_redis: Scene, record_property: Tell) -> None:
    with by_redis.play("redis", record_property) as act:
        for _ in act.strikes():
            by_redis.servers["redis"].kill()
            act.until_promised(20)
            by_redis.servers["redis"].revive()
            act.until_promised(10)


def test_postgres_is_killed(by_redis: Scene, record_property: Tell) -> None:
    with by_redis.play("postgres", record_property) as act:
        for _ in act.strikes():
            by_redis.servers["postgres"].kill()
            act.until_asked(4)
            by_redis.servers["postgres"].revive()
            by_redis.house.forget(time.time())
            act.until_promised(10)


def test_a_worker_is_killed(by_redis: Scene, record_property: Tell) -> None:
    with by_redis.play("worker", record_property) as act:
        for _ in act.strikes():
            by_redis.house.kill_worker()
            act.until_promised(10)


def test_the_web_process_is_killed(by_redis: Scene, record_property: Tell) -> None:
    with by_redis.play("web", record_property) as act:
        for number in act.strikes():
            if number % 2:
                by_redis.house.kill_web()
            else:
                by_redis.house.kill_web_child(by_redis.house.web_children()[0])
                by_redis.house.forget_claims()
            act.until_promised(10)


def test_a_publisher_is_killed_with_the_lock_in_its_hand(by_redis: Scene, record_property: Tell) -> None:
    """It has numbered events and not committed: nobody may have seen these numbers, and they are given again."""
    house = by_redis.house
    with by_redis.play("publisher", record_property) as act:
        for number in act.strikes():
            dying = house.keeper.start(f"publisher-{number}", PUBLISHER, house.folder, **house.settings)
            until(lambda: "numbered" in dying.said() or not dying.is_running, "it holds the numbers")  # noqa: B023 - called at once
            assert dying.is_running, dying.said()
            until(lambda: house.database.one(_UNNUMBERED) >= 2, "others wait for the lock")
            dying.kill()
            house.remove(dying)
            act.until_promised(10)


def test_a_writer_is_killed_between_its_commit_and_the_publication(by_redis: Scene, record_property: Tell) -> None:
    """Writers publish before they answer; here all of them wait for that when they are killed. The tick finds what they left."""
    house = by_redis.house
    with by_redis.play("unpublished", record_property) as act:
        for _ in act.strikes():
            with house.database.holding("SELECT seq FROM events_head FOR UPDATE"):
                until(lambda: house.database.one(_UNNUMBERED) >= 2, "events without a number")
                house.kill_web_child(house.web_children()[0])
            house.forget_claims()
            act.until_promised(10)


def test_two_beats_two_workers_and_three_publishers_at_once(by_redis: Scene, record_property: Tell) -> None:
    """Changes mostly give their events numbers themselves; while somebody keeps the numbers, events wait for all the publishers."""
    house = by_redis.house

    def have_all_numbered() -> bool:
        with house.database.holding("SELECT seq FROM events_head FOR UPDATE"):
            until(lambda: house.database.one(_UNNUMBERED) >= 2, "events without a number")
        return all("numbered" in one.said() for one in publishers)

    with by_redis.play("doubles", record_property) as act:
        beat, worker, *publishers = house.add_beat(), house.add_worker(), house.add_publisher(), house.add_publisher()
        until(lambda: "beat: Starting" in beat.said(), "a second beat")
        until(lambda: "ready." in worker.said(), "a second worker")
        until(have_all_numbered, "numbers given by each further publisher")
        act.load.until_second(SECONDS)
        act.until_promised(5)
        others = [beat, worker, *publishers]
        for other in others:
            assert other.is_running, other.said()[-2000:]
        numbered = [publisher.said().count("numbered") for publisher in publishers]
        act.notes.append(f"publishers: the two further ones numbered {numbered} times")
        for other in others:
            house.remove(other)
        house.forget(time.time())

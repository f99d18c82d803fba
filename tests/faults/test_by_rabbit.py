"""PostgreSQL, RabbitMQ and Celery: the broker and a worker are killed, receivers and the mail server misbehave."""

import pytest

from tests.faults.processes import until
from tests.faults.scene import SECONDS, Scene, Tell

# One act with all three where seconds count, one for each where minutes do.
MOODS = [("hanging",), ("broken",), ("late",)] if SECONDS > 20 else [("hanging", "broken", "late")]
_SENT_IN_VAIN = (
    "SELECT count(*) FROM webhooks_attempt a JOIN webhooks_delivery d ON d.id = a.delivery_id"
    " JOIN webhooks_webhook w ON w.id = d.webhook_id WHERE w.url = ? AND a.error <> ''"
)
_WAITING = (
    "SELECT count(*) FROM webhooks_delivery d JOIN webhooks_webhook w ON w.id = d.webhook_id"
    " WHERE w.url = ? AND d.state = 'queued'"
)


def test_rabbitmq_is_killed(by_rabbit: Scene, record_property: Tell) -> None:
    with by_rabbit.play("rabbit", record_property) as act:
        for _ in act.strikes():
            by_rabbit.servers["rabbit"].kill()
            act.until_promised(20)
            by_rabbit.servers["rabbit"].revive()
            act.until_promised(5)


def test_a_worker_is_killed(by_rabbit: Scene, record_property: Tell) -> None:
    with by_rabbit.play("worker", record_property) as act:
        for _ in act.strikes():
            by_rabbit.house.kill_worker()
            act.until_promised(10)


@pytest.mark.parametrize("moods", MOODS, ids="-".join)
def test_receivers_misbehave(by_rabbit: Scene, record_property: Tell, moods: tuple[str, ...]) -> None:
    """Nobody else waits for them: another receiver has everything, and everybody their mail, while they still do."""
    database = by_rabbit.house.database
    with by_rabbit.play("receivers-" + "-".join(moods), record_property, receivers=("fine", *moods)) as act:
        fine, *others = act.receivers
        for receiver, mood in zip(others, moods, strict=True):
            receiver.mood = mood
        act.load.until_second(SECONDS)
        act.load.close()
        for receiver in others:
            until(lambda: database.one(_SENT_IN_VAIN, [receiver.url]), f"{receiver.name} counts as failed")  # noqa: B023 - called at once
        until(lambda: not database.one(_WAITING, [fine.url]), "the other receiver has everything")
        until(lambda: not _waiting_mails(by_rabbit), "the mails are sent")
        waiting = {receiver.name: database.one(_WAITING, [receiver.url]) for receiver in others}
        act.notes.append(f"still to be sent when they recovered: {waiting}")
        assert all(waiting.values())


def _waiting_mails(scene: Scene) -> int:
    return int(scene.house.database.one("SELECT count(*) FROM mail_mail WHERE state IN ('queued', 'deferred')"))


def test_the_mail_server_says_no(by_rabbit: Scene, record_property: Tell) -> None:
    """For now (4xx), then for good (5xx): the first is tried again, the second is not."""
    office, database = by_rabbit.office, by_rabbit.house.database
    failed_before = _refused_mails(by_rabbit)
    with by_rabbit.play("mail", record_property) as act:
        for _ in act.strikes():
            _for_a_while("deferring", 3, by_rabbit)
            _for_a_while("refusing", 3, by_rabbit)
            office.mood = "fine"
    failed = _refused_mails(by_rabbit) - failed_before
    assert failed == office.turned_away["refusing"] >= 3
    assert database.one("SELECT count(*) FROM mail_mail WHERE state = 'failed'") == failed + failed_before


def _for_a_while(mood: str, times: int, scene: Scene) -> None:
    scene.office.mood = mood
    wanted = scene.office.turned_away[mood] + times
    until(lambda: scene.office.turned_away[mood] >= wanted, f"{times} mails were turned away")


def _refused_mails(scene: Scene) -> int:
    found = "SELECT count(*) FROM mail_mail WHERE state = 'failed' AND server_words LIKE '%550%'"
    return int(scene.house.database.one(found))

"""The counts would mean nothing if nothing could make them wrong."""

import copy
import socket
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from standardwebhooks.webhooks import Webhook as Stranger

from tests.faults.looking import Database, read_log
from tests.faults.outlets import judge_webhook
from tests.faults.receivers import receiving
from tests.faults.scene import Act, Scene
from tests.faults.verdict import Verdict

_SECRET: Final = "whsec_" + "A" * 32
_TAMPERED: Final = (
    "DELETE FROM events_logrow WHERE n = (SELECT min(n) FROM events_logrow WHERE request_id LIKE 'sqlite-judged-%')",
    "UPDATE tasks_task SET title = 'never said' WHERE id = (SELECT max(id) FROM tasks_task)",
    "UPDATE events_logrow SET seq = NULL WHERE seq = (SELECT max(seq) FROM events_logrow)",
    "DELETE FROM notifications_notification WHERE id = (SELECT id FROM notifications_notification ORDER BY id DESC LIMIT 1)",
    "UPDATE mail_mail SET state = 'queued' WHERE id = (SELECT id FROM mail_mail ORDER BY id DESC LIMIT 1 OFFSET 3)",
    "DELETE FROM mail_mail WHERE id = (SELECT id FROM mail_mail ORDER BY id DESC LIMIT 1 OFFSET 4)",
    "UPDATE mail_mail SET message_id = 'x' WHERE id = (SELECT id FROM mail_mail ORDER BY id DESC LIMIT 1 OFFSET 5)",
    "UPDATE events_job SET state = 'failed' WHERE id = (SELECT max(id) FROM events_job WHERE state = 'done')",
    "DELETE FROM events_job WHERE id = (SELECT id FROM events_job WHERE name = 'faults.note' ORDER BY id DESC LIMIT 1 OFFSET 3)",
)
_COMPLAINTS: Final = (
    "log: promised but not in the log 1",
    "log: without a number 1",
    "the numbers have gaps",
    "verify_log: ",
    "log: tasks other than the log tells",
    "log: tasks made by the log",
    "queue: jobs given up 1",
    "queue: events that a consumer left out 1",
    "notifications: missed 1",
    "mail: missed in it 1",
    "mail: without an end 1",
    "mail: sent but not taken by the server 1",
)


@pytest.fixture(scope="module")
def played(embedded: Scene) -> Act:
    with embedded.play("judged", lambda _name, _told: None, seconds=2) as act:
        act.until_promised(20)
    return act


def test_what_is_wrong_in_the_tables_is_seen(embedded: Scene, played: Act, tmp_path: Path) -> None:
    path = tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(path)) as target:
        embedded.house.database.copy_to(target)
    house = copy.copy(embedded.house)
    house.database = Database(f"sqlite://{path}")
    house.settings = {**house.settings, "DATABASE_URL": f"sqlite:///{path}"}
    for statement in _TAMPERED:
        house.database.do(statement)
    wrong = replace(embedded, house=house).judge(replace(played, watchers=[])).wrong
    house.database.close()
    assert [one for one in _COMPLAINTS if not any(one in told for told in wrong)] == [], wrong


def test_what_a_receiver_got_wrongly_is_seen(embedded: Scene, played: Act) -> None:
    (receiver,) = played.receivers
    projects = {project.id for project in played.load.projects}
    log = [row for row in read_log(embedded.house.database) if row.project_id in projects]
    first, second, *others = receiver.arrivals
    arrivals = {
        "missed 1": [second, *others],
        "out of order 1": [replace(second, object_id=first.object_id), first, *others],
        "under two ids 1": [*receiver.arrivals, replace(first, delivery="another")],
    }
    for complaint, changed in arrivals.items():
        verdict = Verdict()
        judge_webhook(verdict, replace(receiver, arrivals=changed), log)
        assert [one for one in verdict.wrong if complaint in one], (complaint, verdict.wrong)


def test_a_board_that_shows_something_else_is_seen(played: Act) -> None:
    watcher = played.watchers[0]
    key, kept = next(iter(watcher.tasks.items()))
    assert watcher.differs() == []
    watcher.tasks[key] = {**kept, "title": "never said"}
    assert watcher.differs() == [key]
    del watcher.tasks[key]
    assert watcher.differs() == [key]
    watcher.tasks[key] = kept


def test_a_forged_request_counts_and_one_that_was_cut_does_not(signed: tuple[dict[str, str], bytes]) -> None:
    """A worker that is killed may do so with half a request sent, which no receiver takes for a request."""
    headers, body = signed
    with receiving() as receivers:
        receiver = receivers.add("judged")
        receiver.secret = _SECRET
        for sent in (body, body[:-1], body.replace(b"judged", b"forged")):
            _send(receiver.url, headers | {"Content-Length": str(len(body))}, sent)
        assert (len(receiver.arrivals), receiver.forged, receiver.cut) == (1, 1, 1)


@pytest.fixture
def signed() -> tuple[dict[str, str], bytes]:
    body = b'{"type": "judged", "data": {"id": "1", "seq": 1, "object": {"id": "1"}, "project": null}}'
    now = datetime.now(UTC)
    signature = Stranger(_SECRET).sign("judged", now, body.decode())
    headers = {
        "webhook-id": "judged", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature,
    }  # fmt: skip
    return headers, body


def _send(url: str, headers: dict[str, str], body: bytes) -> None:
    """Send a request and close for writing, like the system does for a process that is killed; wait for the end."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as line:
        head = [f"POST {address.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        line.sendall("\r\n".join(head).encode() + body)
        line.shutdown(socket.SHUT_WR)
        while line.recv(1000):
            pass

"""What became of each event outside of the log: webhooks, notifications and mails, open boards."""

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from tests.faults.house import House
from tests.faults.http import Door
from tests.faults.looking import Logged
from tests.faults.people import Person
from tests.faults.postoffice import PostOffice
from tests.faults.receivers import Receiver
from tests.faults.sockets import Watcher
from tests.faults.verdict import Verdict

_KINDS: Final = {"task.created": "assigned", "task.status_changed": "status_changed", "comment.created": "commented"}
MAILED: Final = frozenset({"assigned", "commented"})
"""What the people of the tests get by mail at once."""


def judge_webhook(verdict: Verdict, receiver: Receiver, log: Iterable[Logged]) -> None:
    """Each event came at least once, in order for each object, under one id however often it came, and signed."""
    verdict.about = f"webhook {receiver.name}"
    expected = {row.id: row for row in log if row.type.partition(".")[0] in {"task", "comment"}}
    arrivals = [one for one in receiver.arrivals if one.event in expected]
    first: dict[str, str] = {}
    last_seq: dict[str, int] = {}
    disordered, renamed = [], []
    for one in arrivals:
        if one.event in first:
            if first[one.event] != one.delivery:
                renamed.append(one.event)
            continue
        first[one.event] = one.delivery
        if one.seq < last_seq.get(one.object_id, 0):
            disordered.append(one.event)
        last_seq[one.object_id] = one.seq
    verdict.count("arrived", f"{len(first)} of {len(expected)}")
    verdict.count("again", len(arrivals) - len(first))
    verdict.count("cut in the middle", receiver.cut)
    verdict.none("missed", [key for key in expected if key not in first])
    verdict.none("out of order", disordered)
    verdict.none("under two ids", renamed)
    verdict.same("wrongly signed", receiver.forged, 0)


def judge_notifications(verdict: Verdict, house: House, log: Iterable[Logged]) -> dict[str, str]:
    """Each person concerned has one notification of each event, and nobody else has any; returns their keys and kinds."""
    verdict.about = "notifications"
    assignees: dict[str, list[str]] = {}
    expected: dict[str, str] = {}
    events = set()
    for row in log:
        events.add(row.id)
        if row.type == "task.created":
            assignees[row.object_id] = row.changes["assignees"][1]
        if row.type in _KINDS:
            about = row.subject_id or row.object_id
            told = [person for person in assignees.get(about, ()) if person != row.actor_id]
            expected |= {f"{row.id}:{person}": _KINDS[row.type] for person in told}
    rows = house.database.rows("SELECT event AS event_id, user_id, kind, dedupe_key FROM notifications_notification")
    found = Counter(f"{row['event_id']}:{row['user_id']}" for row in rows if row["event_id"] in events)
    kinds = {f"{row['event_id']}:{row['user_id']}": row["kind"] for row in rows}
    verdict.count("made", sum(found.values()))
    verdict.none("missed", [key for key in expected if key not in found])
    verdict.none("twice", [key for key, times in found.items() if times > 1])
    verdict.none("of no event or another kind", [key for key in found if expected.get(key) != kinds[key]])
    return expected


def judge_mails(verdict: Verdict, house: House, notified: dict[str, str], office: PostOffice) -> None:
    """The ledger has each mail once, with an end; the mail server took each that counts as sent."""
    verdict.about = "mail"
    expected = {f"{key}:mail" for key, kind in notified.items() if kind in MAILED}
    rows = [
        row for row in house.database.rows("SELECT key, state, message_id FROM mail_mail") if row["key"] in expected
    ]
    found = Counter(row["key"] for row in rows)
    states = Counter(row["state"] for row in rows)
    verdict.count("ledger", ", ".join(f"{times} {state}" for state, times in sorted(states.items())))
    verdict.none("missed in it", [key for key in expected if key not in found])
    verdict.none("twice in it", [key for key, times in found.items() if times > 1])
    verdict.none("without an end", [row for row in rows if row["state"] not in {"sent", "failed"}])
    sent = {row["message_id"] for row in rows if row["state"] == "sent"}
    taken = Counter(office.taken)
    verdict.none("sent but not taken by the server", [one for one in sent if one not in taken])
    verdict.count("taken by it again", sum(taken[one] - 1 for one in sent if one in taken))


def judge_watchers(verdict: Verdict, watchers: list[Watcher]) -> None:
    """Each copy of the board is in the end what a fresh reader gets."""
    verdict.about = "live"
    different = {watcher.person.name: watcher.converged() for watcher in watchers}
    verdict.count("clients", len(watchers))
    verdict.count("updates", sum(watcher.updates for watcher in watchers))
    verdict.count("connections", sum(watcher.connections for watcher in watchers))
    verdict.none("clients that differ", [(name, keys[:3]) for name, keys in different.items() if keys])


def judge_health(verdict: Verdict, house: House) -> None:
    """The server itself says that it is well again."""
    verdict.about = "health"
    deadline = time.monotonic() + 60
    with Door(house.port) as door:
        while (answer := door.ask("GET", "health/")).status != 200 and time.monotonic() < deadline:
            time.sleep(0.2)
    verdict.same("answer", answer.status, 200)
    verdict.demand(answer.status == 200, f"health: {answer.body}")


def wishes_of(person: Person) -> dict[str, Any]:
    """Return the settings by which a person gets mail at once, at any hour."""
    kinds = {kind: {"in_app": True, "mail": "now" if kind in MAILED else "off"} for kind in _KINDS.values()}
    return {"notification_settings": {"kinds": kinds}}

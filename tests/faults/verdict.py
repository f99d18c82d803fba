"""What has to be true after each fault, counted."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.faults.house import House
from tests.faults.load import Load, Write
from tests.faults.looking import Logged, read_log

NOTE = "faults.note"
_COUNTED = {"task", "comment"}
_WAITING = (
    ("webhooks_delivery", "next_at", "state = 'queued'"),
    ("mail_mail", "next_at", "state IN ('queued', 'deferred')"),
    ("events_job", "run_at", f"state = 'queued' AND lease IS NULL AND name <> '{NOTE}'"),
)


@dataclass
class Verdict:
    """Figures to print by what they are about, and what is wrong."""

    about: str = ""
    figures: dict[str, dict[str, object]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, name: str, value: object) -> None:
        self.figures.setdefault(self.about, {})[name] = value

    def demand(self, is_so: bool, what: str) -> None:  # noqa: FBT001 - reads like assert
        if not is_so:
            self.wrong.append(what)

    def same(self, name: str, found: object, wanted: object) -> None:
        self.count(name, found)
        self.demand(found == wanted, f"{self.about}: {name} {found}, not {wanted}")

    def none(self, name: str, found: list[Any]) -> None:
        self.count(name, len(found))
        self.demand(not found, f"{self.about}: {name} {len(found)}, the first {found[:3]}")

    def told(self) -> list[str]:
        lines = []
        for about, figures in self.figures.items():
            lines.append(f"{about}: {', '.join(f'{name} {value}' for name, value in figures.items())}")
        return lines


def judge_log(verdict: Verdict, house: House, load: Load) -> list[Logged]:
    """Compare the log with what people were promised, with itself, and with the tasks."""
    verdict.about = "log"
    log = read_log(house.database)
    by_mark: dict[str, list[Logged]] = {}
    for row in log:
        by_mark.setdefault(row.request_id, []).append(row)
    promised = [write for write in load.writes if write.is_promised]
    verdict.count("promised", len(promised))
    missing = [write.mark for write in promised if _times(write, by_mark) == 0]
    twice = [write.mark for write in load.writes if _times(write, by_mark) > 1]
    verdict.none("promised but not in the log", missing)
    verdict.none("in the log twice", twice)
    unsure = [write for write in load.writes if write.status is None]
    verdict.count("cut for good", f"{len(unsure)} ({sum(_times(write, by_mark) for write in unsure)} carried out)")
    refused = [f"{write.verb} {write.status} {write.answer}" for write in load.writes if (write.status or 0) >= 300]
    verdict.none("refused", refused)
    versions = Counter((row.object_id, row.version, row.type) for row in log if row.type.split(".")[0] in _COUNTED)
    verdict.none("versions told twice", [key for key, times in versions.items() if times > 1])
    verdict.none("versions other than promised", _other_versions(promised, by_mark))
    _judge_numbers(verdict, house, log)
    _judge_tasks(verdict, house, load, log)
    return log


def _times(write: Write, by_mark: dict[str, list[Logged]]) -> int:
    return sum(1 for row in by_mark.get(write.mark, []) if row.type == write.event)


def _other_versions(promised: list[Write], by_mark: dict[str, list[Logged]]) -> list[str]:
    return [
        write.mark
        for write in promised
        for row in by_mark.get(write.mark, [])
        if row.type == write.event and (row.object_id, row.version) != (write.answer["id"], write.answer["version"])
    ]


def _judge_numbers(verdict: Verdict, house: House, log: list[Logged]) -> None:
    numbers = sorted(row.seq for row in log if row.seq is not None)
    verdict.none("without a number", [row.n for row in log if row.seq is None])
    verdict.demand(numbers == list(range(1, len(numbers) + 1)), "the numbers have gaps")
    verdict.count("events", f"1 to {len(numbers)} without gap")
    done = house.command("verify_log")
    verdict.demand(done.returncode == 0, f"verify_log: {done.stdout}{done.stderr[-500:]}")
    verdict.count("chain", "whole" if done.returncode == 0 else "broken")


def _judge_tasks(verdict: Verdict, house: House, load: Load, log: list[Logged]) -> None:
    """Tell the tasks' story from the log alone and compare it with the tables."""
    places = ", ".join("?" for _ in load.projects)
    ids = [_stored(house, project.id) for project in load.projects]
    columns = "t.id AS id, t.title AS title, t.version AS version, t.comments_count AS comments, s.slug AS status"
    tasks = house.database.rows(
        f"SELECT {columns} FROM tasks_task t JOIN workflows_status s ON s.id = t.status_id"  # noqa: S608 - our own names
        f" WHERE t.project_id IN ({places})",
        ids,
    )
    told: dict[str, dict[str, Any]] = {}
    comments: Counter[str | None] = Counter()
    for row in log:
        if row.type.startswith("task."):
            known = told.setdefault(row.object_id, {"version": 0})
            known |= {name: pair[1] for name, pair in row.changes.items()} | {"version": row.version}
        comments[row.subject_id] += row.type == "comment.created"
    other = [
        task["id"]
        for task in tasks
        if any(told.get(task["id"], {}).get(name) != task[name] for name in ("title", "status"))
        or comments[task["id"]] != task["comments"]
        or told[task["id"]]["version"] > task["version"]
    ]
    verdict.count("tasks", len(tasks))
    verdict.none("tasks other than the log tells", other)
    created = [row for row in log if row.type == "task.created" and row.project_id in {one.id for one in load.projects}]
    verdict.same("tasks made by the log", len(created), len(tasks))


def _stored(house: House, key: str) -> str:
    return key.replace("-", "") if house.database.is_sqlite else key


def judge_queue(verdict: Verdict, house: House) -> None:
    """Nothing is left over, nothing was given up, and the tests' own consumer noted each event once."""
    verdict.about = "queue"
    database = house.database
    given_up = database.rows("SELECT name, error FROM events_job WHERE state = 'failed'")
    verdict.none("jobs given up", [f"{row['name']}: {row['error'][-300:]}" for row in given_up])
    verdict.none("jobs left", database.rows("SELECT name FROM events_job WHERE state = 'queued' AND name <> ?", [NOTE]))
    notes = Counter(row["args"]["seq"] for row in database.rows("SELECT args FROM events_job WHERE name = ?", [NOTE]))
    first = min(notes, default=1)
    last = database.one("SELECT max(seq) FROM events_logrow")
    verdict.none("events that a consumer left out", [seq for seq in range(first, last + 1) if seq not in notes])
    verdict.none("events that had an effect twice", [seq for seq, times in notes.items() if times > 1])
    verdict.count("events consumed", len(notes))


def calm(house: House, *, seconds: float = 240) -> float:
    """Wait until nothing is left to do; returns how long that took. Pauses between attempts are cut short."""
    began = time.monotonic()
    while left := what_is_left(house):
        if time.monotonic() - began > seconds:
            raise AssertionError(f"Not calm after {seconds:.0f} s: {left}, ended by themselves: {house.fallen()}")
        hurry(house)
        time.sleep(0.2)
    return time.monotonic() - began


def hurry(house: House) -> None:
    """Let the time pass that jobs, deliveries, mails and consumers wait after a failure."""
    database, now = house.database, house.database.now
    for table, column, is_open in _WAITING:
        database.do(f"UPDATE {table} SET {column} = {now} WHERE {column} > {now} AND {is_open}")  # noqa: S608 - our own names
    database.do("UPDATE webhooks_webhook SET resting_until = NULL WHERE resting_until IS NOT NULL")
    database.do("UPDATE events_consumer SET retry_at = NULL WHERE retry_at IS NOT NULL")


def what_is_left(house: House) -> dict[str, Any]:
    database = house.database
    head = database.one("SELECT coalesce(max(seq), 0) FROM events_logrow")
    found = {
        "without number": database.one("SELECT count(*) FROM events_logrow WHERE seq IS NULL"),
        "jobs": database.rows(
            "SELECT name, count(*) AS left_over, max(attempts) AS attempts FROM events_job"
            " WHERE state = 'queued' AND name <> ? GROUP BY name",
            [NOTE],
        ),
        "deliveries": database.one("SELECT count(*) FROM webhooks_delivery WHERE state = 'queued'"),
        "mails": database.one("SELECT count(*) FROM mail_mail WHERE state IN ('queued', 'deferred')"),
        "consumers": database.rows("SELECT name, seq, error FROM events_consumer WHERE seq < ?", [head]),
    }
    return {name: value for name, value in found.items() if value}

"""Twenty writes a second by several people in several projects, which remembers what each was answered."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Self

from tests.faults.http import Cut, Door
from tests.faults.people import Person, Project

PER_SECOND: Final = 20
_STATUSES: Final = ("todo", "in_progress", "review", "done", "backlog")
_EVENTS: Final = {
    "create": "task.created",
    "edit": "task.updated",
    "status": "task.status_changed",
    "comment": "comment.created",
    "move": "task.status_changed",
}


@dataclass
class Write:
    """One wish of a person; `mark` is its request id, and stands in what it writes."""

    verb: str
    mark: str
    author: Person
    project: Project
    method: str
    path: str
    body: dict[str, Any]
    task: str | None = None
    status: int | None = None
    """What was answered in the end; None when the connection was cut and it cannot be asked again."""
    answer: Any = None
    cuts: int = 0
    seconds: float = 0
    """How long the slowest answer took."""

    @property
    def event(self) -> str:
        return _EVENTS[self.verb]

    @property
    def is_promised(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_repeatable(self) -> bool:
        return self.method == "POST"

    def send(self, door: Door) -> bool:
        """Ask, or ask again; tells whether it is settled."""
        began = time.monotonic()
        try:
            return self._send(door)
        finally:
            self.seconds = max(self.seconds, time.monotonic() - began)

    def _send(self, door: Door) -> bool:
        headers = {"X_Request_ID": self.mark} | ({"Idempotency_Key": self.mark} if self.is_repeatable else {})
        try:
            answer = door.ask(self.method, self.path, self.body, **headers)
        except Cut:
            self.cuts += 1
            return not self.is_repeatable
        if answer.status >= 500 or (answer.status == 409 and answer.body["code"] == "still_running"):
            self.cuts += 1
            return not self.is_repeatable
        self.status, self.answer = answer.status, answer.body
        return True


@dataclass
class _Known:
    """A task that the load made, as far as its author knows."""

    id: str
    status: str = "todo"


class Writer(threading.Thread):
    """One person in one project, at an even pace; what was cut off is asked again before the next wish."""

    def __init__(self, load: "Load", person: Person, project: Project, *, seed: int) -> None:
        super().__init__(name=f"writer-{seed}", daemon=True)
        self.load, self.person, self.project = load, person, project
        self.door = Door(load.port, person.token)
        self.chance = random.Random(seed)  # noqa: S311 - the load, not a secret
        self.tasks: list[_Known] = []
        self.open: list[Write] = []
        self.pace_s = load.writers / PER_SECOND
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._run()
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.door.close()

    def _run(self) -> None:
        due = time.monotonic() + self.chance.random() * self.pace_s
        while not self.load.over.is_set():
            if self.load.over.wait(max(0.0, due - time.monotonic())):
                break
            due = max(due + self.pace_s, time.monotonic() - 1)
            self._settle_open()
            self._wish()
        # The first answers may still be under way at the server, and their keys with them.
        while self.open and not self.load.given_up.wait(0.1):
            self._settle_open()

    def _settle_open(self) -> None:
        still = [write for write in self.open if not write.send(self.door)]
        for write in self.open:
            if write not in still:
                self._learn(write)
        self.open = still

    def _forget(self, write: Write) -> None:
        """What was cut may have been carried out or not: the task is left alone, so that each further wish changes something."""
        self.tasks = [known for known in self.tasks if known.id != write.task]

    def _free(self) -> list[_Known]:
        """Return the tasks about which nothing is open: which of two wishes comes first is not known, and the other might change nothing."""
        busy = {write.task for write in self.open}
        return [known for known in self.tasks if known.id not in busy]

    def _wish(self) -> None:
        write = self._choose()
        self.load.add(write)
        if write.send(self.door):
            self._learn(write)
        else:
            self.open.append(write)

    def _learn(self, write: Write) -> None:
        if not write.is_promised:
            self._forget(write)
            return
        if write.verb == "create":
            self.tasks.append(_Known(write.answer["id"]))
        self.load.told(write)

    def _choose(self) -> Write:
        free = self._free()
        verb = self.chance.choices(list(_EVENTS), weights=[3, 6, 4, 4, 3])[0] if len(free) > 2 else "create"
        mark = self.load.next_mark()
        others = [person for person in self.load.people if person is not self.person]
        if verb == "create":
            body = {"title": mark, "project": self.project.id, "assignees": [self.chance.choice(others).id]}
            body |= {"description": self.load.text} if self.load.text else {}
            return Write(verb, mark, self.person, self.project, "POST", "tasks/", body)
        known, beside = self.chance.sample(free, 2)
        address = f"tasks/{known.id}/"
        if verb == "edit":
            wish = ("PATCH", address, {"title": mark})
        elif verb == "comment":
            wish = ("POST", f"{address}comments/", {"body": mark})
        else:
            known.status = self.chance.choice([slug for slug in _STATUSES if slug != known.status])
            wish = (
                ("PATCH", f"{address}status/", {"status": known.status})
                if verb == "status"
                else ("POST", f"{address}move/", {"status": known.status, "after": beside.id})
            )
        return Write(verb, mark, self.person, self.project, *wish, task=known.id)


@dataclass
class Load:
    """All writers together; use it as a context, then `finish`."""

    port: int
    people: list[Person]
    projects: list[Project]
    name: str
    seconds: int
    text: str = ""
    """The description of each task: long ones make each update long."""
    writes: list[Write] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    given_up: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._numbers, self._lock = count(1), threading.Condition()
        self.promises = 0
        self.began = time.monotonic()
        pairs = [(person, project) for person in self.people for project in self.projects]
        self.writers = len(pairs)
        self._threads = [Writer(self, *pair, seed=at) for at, pair in enumerate(pairs)]

    def __enter__(self) -> Self:
        self.began = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.until_second(self.seconds)
        else:
            self.given_up.set()
        self.close()

    def close(self) -> None:
        """Let nobody wish for anything more."""
        self.over.set()

    def next_mark(self) -> str:
        with self._lock:
            return f"{self.name}-{next(self._numbers)}"

    def add(self, write: Write) -> None:
        with self._lock:
            self.writes.append(write)
            self._lock.notify_all()

    def told(self, _write: Write) -> None:
        with self._lock:
            self.promises += 1
            self._lock.notify_all()

    def _wait_for(self, is_so: Callable[[], bool], what: str, seconds: float) -> None:
        with self._lock:
            if not self._lock.wait_for(is_so, seconds):
                raise AssertionError(f"{what}: not within {seconds} s")

    def until_second(self, second: float) -> None:
        """Let the load run until so many seconds after its beginning."""
        self.over.wait(max(0.0, self.began + second - time.monotonic()))

    def strikes(self) -> Iterator[int]:
        """Come by at each moment at which the fault is to happen: two seconds in, and every fifteen seconds."""
        for number, second in enumerate(range(2, max(3, self.seconds - 2), 15)):
            self.until_second(second)
            yield number

    def until_asked(self, more: int) -> None:
        """Let people ask for so many more writes, answered or not."""
        wanted = len(self.writes) + more
        self._wait_for(lambda: len(self.writes) >= wanted, f"{more} more writes", 120)

    def until_promised(self, more: int) -> None:
        wanted = self.promises + more
        self._wait_for(lambda: self.promises >= wanted, f"{more} more promises", 120)

    def finish(self, seconds: float = 120) -> None:
        """Wait until each writer has its answers; those that can be asked again have one then."""
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.1, deadline - time.monotonic()))
        left = [write for thread in self._threads for write in thread.open]
        self.given_up.set()
        for thread in self._threads:
            thread.join(30)
            if thread.error is not None:
                raise AssertionError("A writer fell over") from thread.error
        assert not left, f"{len(left)} writes got no answer, the first: {left[0]}"

    def figures(self) -> str:
        statuses = Counter("cut" if write.status is None else str(write.status) for write in self.writes)
        verbs = Counter(write.verb for write in self.writes)
        asked = f"{len(self.writes)} writes ({', '.join(f'{n} {verb}' for verb, n in sorted(verbs.items()))})"
        answers = ", ".join(f"{n} x {status}" for status, n in sorted(statuses.items()))
        again = sum(1 for write in self.writes if write.cuts and write.is_repeatable)
        slowest = max(write.seconds for write in self.writes)
        return f"{asked}, answers {answers}, {again} asked again, the slowest after {slowest:.1f} s"

"""A stage for faults: one installation with its people, on which load after load is played."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.house import House
from tests.faults.load import Load
from tests.faults.people import Person, found_projects
from tests.faults.servers import Server
from tests.faults.verdict import Verdict, calm, judge_log, judge_queue

SECONDS = int(os.environ.get("FAULT_SECONDS", "5"))
Tell = Callable[[str, object], None]


@dataclass
class Scene:
    name: str
    house: House
    people: list[Person]
    servers: Mapping[str, Server] = field(default_factory=dict)

    @contextmanager
    def load(self, fault: str, tell: Tell) -> Iterator[Load]:
        """Let people write while the body does its worst; then wait for calm and judge."""
        fault = f"{self.name}-{fault}"
        projects = found_projects(self.house.port, self.people, 3, name=fault)
        load = Load(self.house.port, self.people, projects, fault, SECONDS)
        with load:
            yield load
        lasted = time.monotonic() - load.began
        self.house.forget_claims()
        load.finish()
        calm_after = calm(self.house)
        verdict = Verdict()
        judge_log(verdict, self.house, load)
        judge_queue(verdict, self.house)
        story = f"{fault}: {load.figures()}; {verdict.told()}; load {lasted:.1f} s, calm after {calm_after:.1f} s"
        assert not verdict.wrong, f"{story}\nWRONG: " + "\nWRONG: ".join(verdict.wrong)
        tell("summary", story)

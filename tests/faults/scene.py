"""A stage for faults: one installation with its people, on which load after load is played."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.faults.house import House
from tests.faults.http import Door
from tests.faults.load import Load
from tests.faults.outlets import (
    judge_health,
    judge_mails,
    judge_notifications,
    judge_watchers,
    judge_webhook,
    wishes_of,
)
from tests.faults.people import Person, found_projects, sign_up
from tests.faults.postoffice import PostOffice, post_office
from tests.faults.processes import Keeper, keeping
from tests.faults.receivers import Receiver, Receivers, receiving
from tests.faults.servers import Server
from tests.faults.sockets import Watcher
from tests.faults.verdict import Verdict, calm, judge_log, judge_queue

SECONDS = int(os.environ.get("FAULT_SECONDS", "5"))
Tell = Callable[[str, object], None]
Build = Callable[[Keeper, dict[str, str]], tuple[House, dict[str, Server]]]


@dataclass
class Act:
    """One load, with everybody who is told of it."""

    load: Load
    receivers: list[Receiver] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a test wants to have printed beside the counts."""
    ends: ExitStack = field(default_factory=ExitStack)
    """What is to be done when it has been judged."""

    def strikes(self) -> Iterator[int]:
        return self.load.strikes()

    def until_promised(self, more: int) -> None:
        self.load.until_promised(more)

    def until_asked(self, more: int) -> None:
        self.load.until_asked(more)


@dataclass
class Scene:
    """One installation and the world around it."""

    name: str
    house: House
    people: list[Person]
    all_receivers: Receivers
    office: PostOffice
    servers: dict[str, Server]

    @contextmanager
    def play(
        self, fault: str, tell: Tell, *, receivers: tuple[str, ...] = ("fine",), text: str = "", seconds: int = SECONDS
    ) -> Iterator[Act]:
        """Let people write while the body does its worst; then wait for calm and judge."""
        name = f"{self.name}-{fault}"
        self.house.revive()
        projects = found_projects(self.house.port, self.people, 3, name=fault)
        act = Act(Load(self.house.port, self.people, projects, name, seconds, text=text))
        with act.ends, self._explaining():
            act.receivers = [act.ends.enter_context(self._hook(f"{name}-{each}", act)) for each in receivers]
            act.watchers = [act.ends.enter_context(self._watcher(person, act)) for person in self.people]
            with act.load:
                yield act
            lasted = time.monotonic() - act.load.began
            story = self._end(act)
            tell("summary", f"{name}: load {lasted:.1f} s, {story}")

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """Show with a failure what the processes said last."""
        try:
            yield
        except BaseException:
            for one in self.house.keeper.running:
                print(f"--- {one.name}\n{one.said()[-4000:]}")
            raise

    @contextmanager
    def _hook(self, name: str, act: Act) -> Iterator[Receiver]:
        """A webhook of the whole workspace, for the length of an act."""
        receiver = self.all_receivers.add(name)
        wanted = {"workspace": act.load.projects[0].workspace, "url": receiver.url, "events": ["task.*", "comment.*"]}
        with Door(self.house.port, self.people[0].token) as door:
            made = door.must("POST", "webhooks/", wanted)
        receiver.secret = made["secret"]
        yield receiver
        with Door(self.house.port, self.people[0].token) as door:
            door.must("DELETE", f"webhooks/{made['id']}/")

    @contextmanager
    def _watcher(self, person: Person, act: Act) -> Iterator[Watcher]:
        watcher = Watcher(self.house.port, person, act.load.projects)
        watcher.start()
        try:
            assert watcher.ready.wait(60), f"no live connection: {watcher.endings}"
            yield watcher
        finally:
            watcher.stop()

    def _end(self, act: Act) -> str:
        """Let everybody be well again, wait until nothing is left to do, and judge; returns the figures."""
        self.house.forget_claims()
        act.load.finish()
        self.office.mood = "fine"
        for receiver in act.receivers:
            receiver.recover()
        calm_after = calm(self.house)
        verdict = self.judge(act)
        story = "\n    ".join([f"{act.load.figures()}; calm after {calm_after:.1f} s", *verdict.told(), *act.notes])
        assert not verdict.wrong, f"{story}\nWRONG: " + "\nWRONG: ".join(verdict.wrong)
        return story

    def judge(self, act: Act) -> Verdict:
        """Compare everything that people were promised with what there is."""
        verdict = Verdict()
        log = judge_log(verdict, self.house, act.load)
        judge_queue(verdict, self.house)
        projects = {project.id for project in act.load.projects}
        own = [row for row in log if row.project_id in projects]
        for receiver in act.receivers:
            judge_webhook(verdict, receiver, own)
        notified = judge_notifications(verdict, self.house, own)
        judge_mails(verdict, self.house, notified, self.office)
        judge_watchers(verdict, act.watchers)
        judge_health(verdict, self.house)
        verdict.none("processes that ended by themselves", self.house.fallen())
        return verdict


@contextmanager
def scene(name: str, build: Build) -> Iterator[Scene]:
    """Start everything that an installation needs and stop it again."""
    with keeping() as keeper, receiving() as receivers, post_office() as office:
        house, servers = build(keeper, {"EMAIL_URL": office.url, "WEBHOOK_ALLOW": "127.0.0.1"})
        people = sign_up(house.port)
        for person in people:
            with Door(house.port, person.token) as door:
                door.must("PATCH", "auth/profile/", wishes_of(person))
        yield Scene(name, house, people, receivers, office, servers)
        house.database.close()

"""Applying what is told to an old board gives the same as reading it anew, whatever happened in between."""

import random
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_project
from tests.outlets.realtime.listening import Client, Listening
from workloom.people.accounts.models import User
from workloom.work.projects.models import Project

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Board = dict[str, dict[str, Any]]
STEPS = 60
ROLES = ("admin", "viewer", "guest", "outsider", "operator", "owner")


class Story:
    """Random work on two projects, through the API."""

    def __init__(self, api: Api, cast: Cast, second: Project, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a story that can be told again, no secret
        self.api = api.as_(cast.owner)
        self.cast = cast
        self.projects = [str(cast.project.pk), str(second.pk)]
        self.tasks: list[str] = []
        self.gone: list[str] = []
        self.labels = [self._label(project) for project in self.projects]

    def _label(self, project: str) -> str:
        return str(self.api.post("/api/v1/labels/", {"name": "Label", "project": project}).json()["id"])

    def step(self) -> None:
        kinds = [self.create, self.create, self.edit, self.edit, self.label, self.move, self.assign, self.assign]
        kinds += [self.delete, self.restore, self.resettle, self.hang, self.comment, self.report]
        self.chance.choice(kinds)()

    def pick(self) -> str:
        if not self.tasks:
            self.create()
        return self.chance.choice(self.tasks)

    def patch(self, task: str, **fields: Any) -> None:
        assert self.api.patch(f"/api/v1/tasks/{task}/", fields).status_code in {200, 400, 409}

    def create(self) -> None:
        body = {"title": f"Task {self.chance.random()}", "project": self.chance.choice(self.projects)}
        if self.tasks and self.chance.random() < 0.3:
            body["parent"] = self.chance.choice(self.tasks)
        answer = self.api.post("/api/v1/tasks/", body)
        if answer.status_code == 201:
            self.tasks.append(answer.json()["id"])

    def edit(self) -> None:
        fields = {"title": f"Title {self.chance.random()}", "priority": self.chance.choice(["low", "high"])}
        self.patch(self.pick(), **fields, status=self.chance.choice(["todo", "done", "review"]))

    def label(self) -> None:
        self.patch(self.pick(), labels=[self.chance.choice(self.labels)])

    def unlabel(self) -> None:
        at = self.chance.randrange(len(self.labels))
        self.api.delete(f"/api/v1/labels/{self.labels[at]}/")
        self.labels[at] = self._label(self.projects[at])

    def rename(self) -> None:
        assert self.api.patch(f"/api/v1/projects/{self.projects[0]}/", {"key": "OTHER"}).status_code == 200

    def trash_project(self) -> None:
        assert self.api.delete(f"/api/v1/projects/{self.projects[0]}/").status_code == 204

    def move(self) -> None:
        self.api.post(f"/api/v1/tasks/{self.pick()}/move/", {"after": self.pick()})

    def assign(self) -> None:
        people = [str(self.cast.guest.pk), str(self.cast.admin.pk), str(self.cast.owner.pk)]
        self.patch(self.pick(), assignees=self.chance.sample(people, self.chance.randrange(3)))

    def report(self) -> None:
        self.patch(self.pick(), reporter=str(self.chance.choice([self.cast.guest.pk, self.cast.owner.pk])))

    def hang(self) -> None:
        self.patch(self.pick(), parent=self.chance.choice([None, self.pick()]))

    def resettle(self) -> None:
        self.patch(self.pick(), project=self.chance.choice(self.projects))

    def comment(self) -> None:
        self.api.post(f"/api/v1/tasks/{self.pick()}/comments/", {"body": "Said"})

    def delete(self) -> None:
        task = self.pick()
        if self.api.delete(f"/api/v1/tasks/{task}/").status_code == 204:
            self.tasks = [one for one in self.tasks if self.api.get(f"/api/v1/tasks/{one}/").status_code == 200]
            self.gone.append(task)

    def restore(self) -> None:
        if self.gone:
            self.api.post(f"/api/v1/tasks/{self.gone.pop()}/restore/")
            rows = self.api.get("/api/v1/tasks/", {"page_size": "200"}).json()["results"]
            self.tasks = [row["id"] for row in rows if row["project"] in self.projects]


def board_of(api: Api, who: User) -> Board:
    """Everything that somebody sees, as a fresh GET gives it."""
    answer = api.as_(who).get("/api/v1/tasks/", {"page_size": "200", "is_archived": "any"})
    return {row["id"]: row for row in answer.json()["results"]}


def apply(board: Board, client: Client, seq: int, anew: Callable[[], Board] | None = None) -> Board:
    """What a client makes of the messages, until it has heard of everything up to `seq`; it reads anew only where it may."""
    pause = threading.Event()
    while client.house.live.hub.told < seq:
        pause.wait(0.01)
    client.send({"type": "ping"})
    while (message := client.next())["type"] != "pong":
        if message["type"] == "resync":
            assert anew is not None, message
            board = anew()
            continue
        task = message["task"]
        known = board.get(task["id"])
        if message["action"] == "task_deleted":
            board.pop(task["id"], None)
        elif known is None or known["version"] <= task["version"]:
            board[task["id"]] = task
    return board


@pytest.mark.parametrize("seed", range(4))
def test_every_board_ends_like_a_fresh_one(
    house: Listening, transactional_cast: Cast, django_capture_on_commit_callbacks: Any, seed: int
) -> None:
    cast = transactional_cast
    api = Api(django_capture_on_commit_callbacks)
    second = make_project(cast.admin, cast.workspace, key="TWO", viewer=cast.viewer, guest=cast.guest)
    story = Story(api, cast, second, seed)
    people = [cast.people[name] for name in ROLES]
    boards = [board_of(api, who) for who in people]
    clients = [house.joined(who) for who in people]
    begin = last_of(api, cast)
    for _ in range(STEPS):
        story.step()
    seq = last_of(api, cast)
    for who, board, client in zip(people, boards, clients, strict=True):
        assert apply(board, client, seq) == board_of(api, who), who.username
    for who in people:
        assert apply({}, house.joined(who, after=begin), seq) == board_of(api, who), who.username


def test_what_changes_many_tasks_at_once_is_to_be_read_anew(
    house: Listening, transactional_cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    cast = transactional_cast
    api = Api(django_capture_on_commit_callbacks)
    story = Story(api, cast, make_project(cast.admin, cast.workspace, key="TWO", guest=cast.guest), seed=1)
    people = [cast.admin, cast.guest, cast.outsider]
    for change in (story.unlabel, story.rename, story.trash_project):
        for _ in range(3):
            story.create()
            story.label()
        boards = [board_of(api, who) for who in people]
        clients = [house.joined(who) for who in people]
        change()
        seq = last_of(api, cast)
        for who, board, client in zip(people, boards, clients, strict=True):
            assert apply(board, client, seq, partial(board_of, api, who)) == board_of(api, who), change.__name__
            client.leave()


def last_of(api: Api, cast: Cast) -> int:
    return int(api.as_(cast.operator).get("/api/v1/events/", {"after": "latest"}).json()["next"])

# ruff: noqa: SLF001 - rows have to be those of the product, and Django names a model's facts _meta
"""Fills an empty, migrated database: DATABASE_URL=… python -m bench.side_by_side.data.load TASKS [DESCRIPTION].

People, projects, boards and workflows are made by the product's own actions; tasks and what hangs on them are written
in bulk, as rows that those actions would have made: numbers, ranks, counters, search entries and a whole log.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workloom.config.settings")
    django.setup()

from django.conf import settings
from django.db import connection, models

from bench.side_by_side.data.sinks import store, tidy, without_indexes
from bench.side_by_side.data.story import Plan, TaskFacts, members_of, task_facts
from bench.side_by_side.database import note_made
from workloom.core import rank
from workloom.core.clock import now
from workloom.core.context import Context, using_context
from workloom.core.ids import uuid7
from workloom.core.models import SearchRow
from workloom.core.search import entries
from workloom.core.text import fold
from workloom.events import record
from workloom.events.lines import COLUMNS
from workloom.events.models import Consumer, Head, LogRow
from workloom.events.publish import facts_of, link, publish
from workloom.people.accounts.models import User
from workloom.work.boards.models import Board
from workloom.work.labels.models import Label
from workloom.work.projects.actions import ensure_home
from workloom.work.projects.actions.create import create_project
from workloom.work.projects.models import Project
from workloom.work.projects.rules import NewProject
from workloom.work.tasks.actions import create, indexing
from workloom.work.tasks.actions.recording import task_event
from workloom.work.tasks.actions.wanted import NewTask
from workloom.work.tasks.events import TaskCreated
from workloom.work.tasks.models import Assignment, Task, TaskLabel, Watcher
from workloom.work.workflows.models import Status
from workloom.work.workspaces.actions import create_workspace
from workloom.work.workspaces.models import WorkspaceMember
from workloom.work.workspaces.rules import NewWorkspace

BATCH = 2000
FILLED: tuple[type[models.Model], ...] = (Task, Assignment, TaskLabel, Watcher, SearchRow, LogRow)
USUAL_INDEX = (
    "CREATE TABLE bench_task_text (task_id uuid PRIMARY KEY, document tsvector NOT NULL)",
    """
    INSERT INTO bench_task_text
    SELECT id, to_tsvector('simple', title || ' ' || description) FROM tasks_task ORDER BY id
    """,
    "CREATE INDEX bench_task_text_document ON bench_task_text USING gin (document)",
)
Say = Callable[[str], None]


@dataclass
class Place:
    """A project with what its tasks refer to, and where its counters stand."""

    project: Project
    board: Board
    statuses: list[Status]
    labels: list[Label]
    number: int = 0
    rank: str | None = None


@dataclass
class Batch:
    """Rows that wait to be written, table by table."""

    rows: dict[type[models.Model], list[Any]] = field(default_factory=lambda: {model: [] for model in FILLED})

    def write(self) -> None:
        """Write all of it, tasks first."""
        for rows in self.rows.values():
            store(rows)


def load(plan: Plan, say: Say) -> None:
    """Fill the database."""
    people = make_people(plan)
    places = make_places(plan, people)
    say(f"{plan.people} people, {plan.projects} projects")
    tables = [model._meta.db_table for model in FILLED]
    with without_indexes(tables), using_context(Context(via="import")):  # what is late already is no news
        fill(plan, people, places, say)
        say("making the indexes")
    for place in places:
        Project.objects.filter(pk=place.project.pk).update(tasks_count=place.number, next_number=place.number + 1)
    if connection.vendor == "postgresql":
        say("the full-text index of the usual server")
        with connection.cursor() as cursor:
            for statement in USUAL_INDEX:
                cursor.execute(statement)
    last = Head.objects.get(pk=1).seq
    for name in settings.CONSUMERS:
        Consumer.objects.update_or_create(name=name, defaults={"seq": last, "moved_at": now()})


def make_people(plan: Plan) -> list[User]:
    """Make people without passwords."""
    users = []
    for at in range(plan.people):
        name = f"person{at:04}"
        email = f"{name}@bench.example"
        user = User(username=name, username_key=name, email=email, email_key=fold(email), name=name.title())
        user.is_verified = True
        user.set_unusable_password()
        user.note_names()
        users.append(user)
    return User.objects.bulk_create(users)


def make_places(plan: Plan, people: list[User]) -> list[Place]:
    """Make projects by the product's own actions, with labels of their own."""
    ensure_home(people[0].as_actor())
    owner = people[-1].as_actor()
    workspace = create_workspace(NewWorkspace(name="Bench"), actor=owner)
    WorkspaceMember.objects.bulk_create(
        WorkspaceMember(workspace=workspace, user=user, role="guest", created_at=now()) for user in people[:-1]
    )
    found = []
    for at, members in enumerate(members_of(plan)):
        wanted = NewProject(
            name=f"Project {at}", key=f"P{at:03}", members=tuple(people[one].pk for one in members), time_zone="UTC"
        )
        project = create_project(workspace, wanted, actor=owner)
        labels = Label.objects.bulk_create(_labels(plan, project))
        statuses = list(Status.objects.filter(project=project).order_by("position"))
        found.append(Place(project, Board.objects.get(project=project), statuses, labels))
    return found


def _labels(plan: Plan, project: Project) -> Iterator[Label]:
    moment = now()
    for at in range(plan.labels):
        name = f"label {at}"
        yield Label(
            workspace_id=project.workspace_id,
            project=project,
            place=project.pk,
            name=name,
            name_key=name,
            colour="#336699",
            created_at=moment,
            updated_at=moment,
        )


def fill(plan: Plan, people: list[User], places: list[Place], say: Say) -> None:
    """Write the tasks, a batch at a time, each event linked to the one before."""
    publish()
    head, done, began = Head.objects.get(pk=1), 0, time.monotonic()
    facts = task_facts(plan, now() - timedelta(days=1))
    while some := list(islice(facts, BATCH)):
        batch = Batch()
        for one in some:
            _add(batch, one, people, places[one.project], head)
        batch.write()
        head.save(update_fields=["seq", "hash"])
        done += len(some)
        if done % (BATCH * 10) == 0 or done == plan.tasks:
            say(f"{done:,} of {plan.tasks:,} tasks, {done / (time.monotonic() - began):,.0f} a second")


def _add(batch: Batch, facts: TaskFacts, people: list[User], place: Place, head: Head) -> None:
    reporter = people[facts.reporter]
    wanted = _wanted(facts, people, place)
    place.number += 1
    place.rank = rank.between(place.rank, None)
    task = create._task(place.project, wanted, place.number, place.rank, now())
    batch.rows[Task].append(task)
    batch.rows[Assignment] += [Assignment(task=task, user_id=user) for user in wanted.assignees]
    batch.rows[TaskLabel] += [TaskLabel(task=task, label_id=label) for label in wanted.labels]
    batch.rows[Watcher] += [
        Watcher(task=task, user_id=user, created_at=facts.created_at)
        for user in dict.fromkeys((reporter.pk, *wanted.assignees))
    ]
    batch.rows[SearchRow].append(entries._row(indexing._entry(task, ())))
    event = task_event(TaskCreated, task, create._first_values(task, wanted))
    row = LogRow(**dict(zip(COLUMNS, record._line(event, reporter.as_actor(), facts.created_at), strict=True)))
    row.changes, row.private = json.loads(str(row.changes)), json.loads(str(row.private))
    head.seq += 1
    row.seq = head.seq
    row.hash = head.hash = link(head.hash, head.seq, facts_of(row))
    batch.rows[LogRow].append(row)


def _wanted(facts: TaskFacts, people: list[User], place: Place) -> NewTask:
    return NewTask(
        id=uuid7(),
        title=facts.title,
        description=facts.description,
        status=place.statuses[facts.status],
        board=place.board,
        reporter=people[facts.reporter].pk,
        priority=facts.priority,
        labels=tuple(place.labels[at].pk for at in facts.labels),
        assignees=tuple(people[at].pk for at in facts.assignees),
        due_date=facts.due_date,
        created_at=facts.created_at,
    )


def main(tasks: int, description: str = "") -> None:
    """Load with the usual plan, leave the database's figures fresh, and write down what it was made of."""
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"  {time.monotonic() - began:6.1f} s  {text}", flush=True)

    load(Plan(tasks), say)
    tidy()
    if description:
        note_made(description)
    say(f"done: {connection.settings_dict['NAME']}")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:3])

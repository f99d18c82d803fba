"""From a batch of events to messages: what each listener may see is judged here, at the moment of telling."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec

from workloom.core.actor import SYSTEM
from workloom.core.http.rendering import encode
from workloom.core.listing import Wanted
from workloom.outlets.realtime.queries.standing import Seated, Standing
from workloom.outlets.realtime.rows import Gone, GoneTask, Message, Resync, Told
from workloom.outlets.realtime.rules import Action, Batch, Place, Reload, Seat, Touched
from workloom.people.rights.rules import Right
from workloom.work.projects.models import Project
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.projection import TASKS
from workloom.work.tasks.rows import TaskRow

Messages = dict[Seat, list[Message]]


class Present:
    """A batch's tasks as they are now, each encoded at most once whole and once without its parent."""

    def __init__(self, batch: Batch) -> None:
        self.touched = dict(batch.tasks)
        self.rows = _rows(self.touched)
        self._add_parents(batch)
        above = {row.parent for row in self.rows.values() if isinstance(row.parent, UUID)} - self.rows.keys()
        self._above = above
        self._relatives: dict[UUID, set[UUID]] | None = None
        self._made: dict[tuple[UUID, object], Message] = {}
        self._related: dict[UUID, set[UUID]] = {}

    def _add_parents(self, batch: Batch) -> None:
        """A task that comes or goes changes what its parent counts; no event of the parent's own tells it."""
        parents = dict(batch.parents)
        for key, touched in batch.tasks.items():
            row = self.rows.get(key)
            if touched.is_counted and row is not None and isinstance(row.parent, UUID):
                parents[row.parent] = max(touched.seq, parents.get(row.parent, 0))
        further = {key: Touched(seq) for key, seq in parents.items() if key not in self.touched}
        self.rows |= _rows(further)
        self.touched |= {key: touched for key, touched in further.items() if key in self.rows}
        for key in parents.keys() & batch.tasks.keys():
            self.touched[key].seq = max(self.touched[key].seq, parents[key])

    def in_order(self) -> list[tuple[UUID, Touched]]:
        """By the number of what happened last; a parent stands before the task that changed it."""
        return sorted(self.touched.items(), key=lambda item: (item[1].seq, bool(item[1].places)))

    def related(self, row: TaskRow) -> set[UUID]:
        """Who works on a task or reported it."""
        found = self._related.get(row.id)
        if found is None:
            found = self._related[row.id] = {user for user in (*row.assignees, row.reporter) if isinstance(user, UUID)}
        return found

    def relatives_of_parent(self, row: TaskRow) -> Collection[UUID]:
        if not isinstance(row.parent, UUID):
            return ()
        if row.parent in self.rows:
            return self.related(self.rows[row.parent])
        if self._relatives is None:
            self._relatives = {key: self.related(row) for key, row in _rows(self._above).items()}
        return self._relatives.get(row.parent, ())

    def message(self, key: UUID, touched: Touched, *, with_parent: bool, seq: int) -> Message:
        """The task as somebody who sees it reads it."""
        row = self.rows[key]
        with_parent = with_parent or row.parent is None
        made = self._made.get((key, with_parent))
        if made is None:
            shown = row if with_parent else msgspec.structs.replace(row, parent=None)
            action = Action.UPDATED if touched.action is Action.DELETED else touched.action
            told = Told(str(action), msgspec.Raw(encode(shown)), seq)
            made = Message(told, project=_project_of(row), at=touched.seq)
            self._made[key, with_parent] = made
        return made

    def farewell(self, key: UUID, touched: Touched, place: Place, *, seq: int) -> Message:
        """No more than what the task was called where one saw it."""
        made = self._made.get((key, place))
        if made is None:
            gone = Gone(str(Action.DELETED), GoneTask(key, place.key, place.project), seq)
            made = Message(gone, project=place.project, at=touched.seq)
            self._made[key, place] = made
        return made


def _project_of(row: TaskRow) -> UUID | None:
    return row.project if isinstance(row.project, UUID) else None


def _rows(keys: Collection[UUID]) -> dict[UUID, TaskRow]:
    if not keys:
        return {}
    return {row.id: row for row in TASKS.by_id(Task, list(keys), Wanted(SYSTEM))}


def messages_for(batch: Batch, seats: Seated | Collection[Seat]) -> Messages:
    """Return what each seat is told of a batch, in the order of the numbers."""
    found: Messages = defaultdict(list)
    present = Present(batch)
    reloads = _in_projects(batch.reloads)
    projects = {row.project for row in present.rows.values() if isinstance(row.project, UUID)}
    projects |= {place.project for touched in present.touched.values() for place in touched.places}
    projects |= {reload.project for reload in reloads if reload.project is not None}
    standing = Standing(projects, seats if isinstance(seats, Seated) else Seated(seats))
    _tell_tasks(found, present, standing)
    _tell_reloads(found, reloads, standing)
    return found


def _tell_tasks(found: Messages, present: Present, standing: Standing) -> None:
    order = present.in_order()
    for at, (key, touched) in enumerate(order):
        is_last = at + 1 == len(order) or order[at + 1][1].seq != touched.seq
        seq = touched.seq if is_last else touched.seq - 1
        row = present.rows.get(key)
        places = {place.project for place in touched.places}
        if row is not None and isinstance(row.project, UUID):
            places.add(row.project)
        for seat in standing.listeners(places):
            message = _told(seat, key, touched, present, standing, seq=seq)
            if message is not None:
                found[seat].append(message)


def _told(  # noqa: PLR0913 - one judgement over what the two callers have at hand
    seat: Seat, key: UUID, touched: Touched, present: Present, standing: Standing, *, seq: int
) -> Message | None:
    """The task for who sees it, no more than its name for who saw it before, nothing for all others."""
    row = present.rows.get(key)
    if row is not None and _is_seen(seat, row, present, standing):
        whole = isinstance(row.project, UUID) and Right.TASK_READ in standing.rights(seat, row.project)
        with_parent = whole or seat.actor.person in present.relatives_of_parent(row)
        return present.message(key, touched, with_parent=with_parent, seq=seq)
    related = touched.people | (present.related(row) if row is not None else set())
    for place in reversed(touched.places):
        if seat.hears(place.project) and standing.reads(seat, place.project, related):
            return present.farewell(key, touched, place, seq=seq)
    return None


def _is_seen(seat: Seat, row: TaskRow, present: Present, standing: Standing) -> bool:
    if row.trashed_at is not None or not isinstance(row.project, UUID) or not seat.hears(row.project):
        return False
    return standing.reads(seat, row.project, present.related(row))


def _in_projects(reloads: Iterable[Reload]) -> list[Reload]:
    """Name the projects of those that speak of a whole workspace."""
    reloads = list(reloads)
    workspaces = {reload.workspace: reload.seq for reload in reloads if reload.workspace is not None}
    if not workspaces:
        return reloads
    rows = Project.objects.filter(workspace__in=workspaces, trashed_at__isnull=True).values_list("pk", "workspace_id")
    return [one for one in reloads if one.workspace is None] + [
        Reload(workspaces[workspace], project=project) for project, workspace in rows
    ]


def _tell_reloads(found: Messages, reloads: Iterable[Reload], standing: Standing) -> None:
    told: dict[Seat, list[Reload]] = defaultdict(list)
    for reload in reloads:
        if reload.person is not None:
            seats: Iterable[Seat] = standing.seats_of(reload.person)
        elif reload.project is not None:
            seats = [
                seat
                for seat in standing.listeners([reload.project])
                if Right.PROJECT_READ in standing.rights(seat, reload.project)
            ]
        else:
            continue
        for seat in seats:
            if reload.project is None or _concerns(seat, reload.project):
                told[seat].append(reload)
    for seat, mine in told.items():
        projects = {one.project for one in mine}
        named = None if None in projects else sorted(one for one in projects if one is not None)
        message = Message(Resync(named, max(one.seq for one in mine)))
        found[seat] = sorted([message, *found[seat]], key=lambda each: each.at or 0)


def _concerns(seat: Seat, project: UUID) -> bool:
    return seat.hears(project) and (seat.actor.projects is None or project in seat.actor.projects)

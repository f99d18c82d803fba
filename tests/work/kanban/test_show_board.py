from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from workloom.core.clock import now
from workloom.core.rank import spread
from workloom.people.accounts.models import User
from workloom.work.boards.models import Board
from workloom.work.boards.queries import first_board
from workloom.work.labels.models import Label
from workloom.work.tasks.models import Assignment, Task, TaskLabel
from workloom.work.workflows.queries import statuses_of


def _path(cast: Cast) -> str:
    return f"/api/v1/boards/{first_board(cast.project.pk).pk}/"


def _fill(cast: Cast, number: int, statuses: tuple[str, ...] = ("todo", "done"), **fields: Any) -> list[Task]:
    """So many tasks, in turn in each status, ranked in their order."""
    known = {status.slug: status for status in statuses_of(cast.project.pk)}
    before = Task.objects.filter(project=cast.project).order_by("-rank").values_list("rank", flat=True).first()
    ranks = spread(number, after=before)
    start = Task.objects.filter(project=cast.project).count()
    made = []
    for at, rank in enumerate(ranks):
        status = known[statuses[at % len(statuses)]]
        values: dict[str, Any] = {
            "project": cast.project,
            "number": start + at + 1,
            "board": first_board(cast.project.pk),
            "title": f"Task {start + at + 1}",
            "status": status,
            "status_category": status.category,
            "reporter": cast.admin,
            "rank": rank,
            "created_at": now(),
            "updated_at": now(),
        }
        made.append(Task(**{**values, **fields}))
    return Task.objects.bulk_create(made)


def _columns(reply: Any) -> dict[str, Any]:
    assert reply.status_code == 200, reply.json()
    return {column["name"]: column for column in reply.json()["columns"]}


def _titles(column: Any) -> list[str]:
    return [card["title"] for card in column["cards"]]


def test_a_board_shows_its_columns_with_counts_and_cards_in_rank_order(api: Api, cast: Cast) -> None:
    _fill(cast, 5)
    columns = _columns(api.as_(cast.viewer).get(_path(cast)))
    assert list(columns) == ["Backlog", "To do", "In progress", "Review", "Done", "Cancelled"]
    assert [column["count"] for column in columns.values()] == [0, 3, 0, 0, 2, 0]
    assert _titles(columns["To do"]) == ["Task 1", "Task 3", "Task 5"]
    assert _titles(columns["Done"]) == ["Task 2", "Task 4"]
    assert {column["next"] for column in columns.values()} == {None}


def test_a_card_is_slim_and_says_what_hangs_on_it(api: Api, cast: Cast) -> None:
    task = _fill(cast, 1, due_date="2020-01-31", comments_count=2)[0]
    label = Label.objects.create(
        workspace=cast.workspace, place=cast.workspace.pk, name="Bug", name_key="bug", colour="#000000",
        created_at=now(), updated_at=now(),
    )  # fmt: skip
    TaskLabel.objects.create(task=task, label=label)
    Assignment.objects.create(task=task, user=cast.member)
    card = _columns(api.as_(cast.viewer).get(_path(cast)))["To do"]["cards"][0]
    assert card == {
        "id": str(task.pk),
        "key": "NEAR-1",
        "title": "Task 1",
        "status": "todo",
        "priority": "medium",
        "assignees": [str(cast.member.pk)],
        "labels": [str(label.pk)],
        "due_date": "2020-01-31",
        "due_at": None,
        "rank": task.rank,
        "is_completed": False,
        "sla_breached": True,
        "comments_count": 2,
        "attachments_count": 0,
        "subtasks_count": 0,
        "version": 1,
    }


def test_archived_and_trashed_cards_are_left_out(api: Api, cast: Cast) -> None:
    _fill(cast, 2, ("todo",), is_archived=True)
    _fill(cast, 2, ("todo",), trashed_at=now())
    _fill(cast, 1, ("todo",))
    column = _columns(api.as_(cast.viewer).get(_path(cast)))["To do"]
    assert (column["count"], _titles(column)) == (1, ["Task 5"])


def test_a_board_shows_its_own_tasks_only(api: Api, cast: Cast) -> None:
    other = Board.objects.create(project=cast.project, name="Other", position=9, created_at=now(), updated_at=now())
    _fill(cast, 2, ("todo",), board=other)
    assert _columns(api.as_(cast.viewer).get(_path(cast)))["To do"]["count"] == 0


@pytest.mark.parametrize("window", [1, 2, 3])
def test_the_rest_of_a_column_comes_page_by_page(api: Api, cast: Cast, window: int) -> None:
    _fill(cast, 7, ("todo",))
    viewer = api.as_(cast.viewer)
    column = _columns(viewer.get(_path(cast), {"window": str(window)}))["To do"]
    assert len(column["cards"]) == window
    titles, following = _titles(column), f"{column['next']}&page_size=2"
    while following:
        page = viewer.get(following).json()
        titles += [card["title"] for card in page["results"]]
        following = page["next"]
    assert titles == [f"Task {at}" for at in range(1, 8)]


def test_a_column_of_several_statuses_shows_them_in_one_order(api: Api, cast: Cast) -> None:
    columns = [{"name": "Open", "statuses": ["todo", "in_progress", "review"], "wip_limit": 4}, {"name": "Done"}]
    assert api.as_(cast.manager).patch(_path(cast), {"columns": columns}).status_code == 200
    _fill(cast, 6, ("review", "todo", "in_progress", "done"))
    shown = _columns(api.as_(cast.viewer).get(_path(cast), {"window": "4"}))["Open"]
    assert _titles(shown) == ["Task 1", "Task 2", "Task 3", "Task 5"]
    assert (shown["count"], shown["over_limit"]) == (5, True)
    rest = api.as_(cast.viewer).get(shown["next"]).json()
    assert [card["title"] for card in rest["results"]] == ["Task 6"]


def test_a_limit_that_is_reached_is_not_exceeded(api: Api, cast: Cast) -> None:
    columns = [{"name": "Open", "statuses": ["todo"], "wip_limit": 2}]
    api.as_(cast.manager).patch(_path(cast), {"columns": columns})
    _fill(cast, 2, ("todo",))
    assert _columns(api.as_(cast.viewer).get(_path(cast)))["Open"]["over_limit"] is False


def test_an_archived_column_comes_without_cards_and_says_where_they_are(api: Api, cast: Cast) -> None:
    columns = [{"name": "Old", "statuses": ["done"], "is_archived": True}, {"name": "Open", "statuses": ["todo"]}]
    api.as_(cast.manager).patch(_path(cast), {"columns": columns})
    _fill(cast, 2, ("done",))
    shown = _columns(api.as_(cast.viewer).get(_path(cast)))["Old"]
    assert (shown["count"], shown["cards"]) == (2, [])
    assert len(api.as_(cast.viewer).get(shown["next"]).json()["results"]) == 2


def test_a_guest_sees_only_cards_of_their_own(api: Api, cast: Cast) -> None:
    tasks = _fill(cast, 6, ("todo",))
    Assignment.objects.create(task=tasks[1], user=cast.guest)
    Assignment.objects.create(task=tasks[1], user=cast.member)
    Task.objects.filter(pk=tasks[3].pk).update(reporter=cast.guest)
    Task.objects.filter(pk=tasks[5].pk).update(reporter=cast.guest, is_archived=True)
    guest = api.as_(cast.guest)
    column = _columns(guest.get(_path(cast)))["To do"]
    assert (column["count"], _titles(column)) == (2, ["Task 2", "Task 4"])
    cards = guest.get(f"{_path(cast)}columns/{column['id']}/cards/").json()["results"]
    assert [card["title"] for card in cards] == ["Task 2", "Task 4"]
    first = _columns(guest.get(_path(cast), {"window": "1"}))["To do"]
    assert [card["title"] for card in guest.get(first["next"]).json()["results"]] == ["Task 4"]


@pytest.mark.parametrize("part", ["outsider", "workspace_member"])
def test_who_does_not_see_the_project_sees_no_board(api: Api, cast: Cast, part: str) -> None:
    column = first_board(cast.project.pk).columns.all()[0]
    assert api.as_(cast.people[part]).get(_path(cast)).status_code == 404
    assert api.as_(cast.people[part]).get(f"{_path(cast)}columns/{column.pk}/cards/").status_code == 404


def test_a_token_for_other_projects_sees_no_board(api: Api, cast: Cast) -> None:
    token = api.as_(cast.token("read", of="operator", projects=[cast.far_project]))
    assert token.get(_path(cast)).status_code == 404
    assert [row["project"] for row in token.get("/api/v1/boards/").json()["results"]] == [str(cast.far_project.pk)]


def test_a_column_of_another_board_is_not_found(api: Api, cast: Cast) -> None:
    column = first_board(cast.far_project.pk).columns.all()[0]
    assert api.as_(cast.operator).get(f"{_path(cast)}columns/{column.pk}/cards/").status_code == 404


@pytest.mark.parametrize("window", ["0", "201", "x", "-1", "1.5", "", "9999999999999999", "٣"])
def test_a_window_that_cannot_be_is_refused(api: Api, cast: Cast, window: str) -> None:
    reply = api.as_(cast.viewer).get(_path(cast), {"window": window})
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["field"] == "window"


def test_the_answer_names_the_boards_version_and_is_never_withheld(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.viewer).get(_path(cast), headers={"If-None-Match": '"1"'})
    assert reply.status_code == 200
    assert reply["ETag"] == '"1"'


def test_fields_narrow_the_board(api: Api, cast: Cast) -> None:
    assert api.as_(cast.viewer).get(_path(cast), {"fields": "name,position"}).json() == {"name": "Board", "position": 0}


def _cost(api: Api, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert api.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("part", ["viewer", "guest"])
def test_many_columns_and_cards_cost_as_many_queries_as_few(api: Api, cast: Cast, part: str) -> None:
    person = cast.people[part]
    viewer = api.as_(person)
    _decorate(cast, _fill(cast, 3, ("todo",), reporter=cast.guest), person)
    few = _cost(viewer, _path(cast))
    _decorate(cast, _fill(cast, 300, ("todo", "done", "review", "backlog"), reporter=cast.guest), person)
    assert _cost(viewer, _path(cast)) == few
    columns = [{"name": "All", "statuses": ["todo", "done", "review", "backlog"]}]
    api.as_(cast.manager).patch(_path(cast), {"columns": columns})
    assert _cost(viewer, _path(cast)) == few


def _decorate(cast: Cast, tasks: list[Task], person: User) -> None:
    label, _ = Label.objects.get_or_create(
        place=cast.workspace.pk,
        name_key="bug",
        defaults={
            "workspace": cast.workspace, "name": "Bug", "colour": "#000000", "created_at": now(), "updated_at": now(),
        },
    )  # fmt: skip
    TaskLabel.objects.bulk_create(TaskLabel(task=task, label=label) for task in tasks)
    Assignment.objects.bulk_create(Assignment(task=task, user=person) for task in tasks)

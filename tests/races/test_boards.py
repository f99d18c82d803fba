from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tests.races.together import at_once, sender
from workloom.work.boards.models import Board, ColumnStatus
from workloom.work.boards.queries import boards_of, columns_of, first_board
from workloom.work.workflows.models import Status, Transition, Workflow

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CROWD = 6


def _workflow(cast: Cast) -> str:
    return f"/api/v1/projects/{cast.project.pk}/workflow/"


def test_however_many_delete_boards_one_stays() -> None:
    cast = make_cast()
    send = sender(cast.manager)
    for at in range(CROWD - 1):
        send("POST", "/api/v1/boards/", {"name": f"Board {at}", "project": str(cast.project.pk)})
    boards = list(boards_of(cast.project.pk))
    replies = at_once([partial(send, "DELETE", f"/api/v1/boards/{board.pk}/") for board in boards])
    assert Counter(reply.status_code for reply in replies) == {204: CROWD - 1, 409: 1}
    assert boards_of(cast.project.pk).count() == 1


def test_boards_made_at_once_have_places_of_their_own() -> None:
    cast = make_cast()
    send = sender(cast.manager)
    body = {"name": "Plan", "project": str(cast.project.pk)}
    replies = at_once([partial(send, "POST", "/api/v1/boards/", body) for _ in range(CROWD)])
    assert {reply.status_code for reply in replies} == {201}
    assert list(boards_of(cast.project.pk).values_list("position", flat=True)) == list(range(CROWD + 1))


def test_a_status_ends_in_one_column_however_many_move_it() -> None:
    cast = make_cast()
    send = sender(cast.manager)
    path = f"/api/v1/boards/{first_board(cast.project.pk).pk}/"
    ids = [column["id"] for column in send("GET", path).json()["columns"]]

    def lists(at: int) -> dict[str, Any]:
        return {"columns": [{"id": key, "statuses": ["review"] if key == ids[at] else []} for key in ids]}

    replies = at_once([partial(send, "PATCH", path, lists(at)) for at in range(CROWD)])
    assert {reply.status_code for reply in replies} == {200}
    assert ColumnStatus.objects.filter(board__project=cast.project).count() == 1
    assert Board.objects.get(project=cast.project).version == CROWD + 1


def test_one_slug_is_given_once_and_no_edit_of_the_workflow_is_lost() -> None:
    cast = make_cast()
    send = sender(cast.admin)

    def add(at: int) -> Any:
        present = send("GET", _workflow(cast))
        statuses = [*present.json()["statuses"], {"label": f"Extra {at}", "category": "review"}]
        return send("PATCH", _workflow(cast), {"statuses": statuses}, **{"If-Match": present["ETag"]})

    replies = at_once([partial(add, at) for at in range(CROWD)])
    counted = Counter(reply.status_code for reply in replies)
    assert set(counted) <= {200, 412}
    assert counted[200] >= 1
    assert Status.objects.filter(project=cast.project, slug__startswith="extra").count() == counted[200]
    assert Workflow.objects.get(project=cast.project).version == counted[200] + 1
    board = first_board(cast.project.pk)
    assert len(columns_of([board.pk])[board.pk]) == 6 + counted[200]


def test_the_same_status_added_at_once_is_there_once() -> None:
    cast = make_cast()
    send = sender(cast.admin)
    slugs = [{"slug": slug} for slug in ("backlog", "todo", "in_progress", "review", "done", "cancelled")]
    body = {"statuses": [*slugs, {"label": "Testing", "category": "review"}]}
    replies = at_once([partial(send, "PATCH", _workflow(cast), body) for _ in range(CROWD)])
    assert {reply.status_code for reply in replies} == {200}
    assert Status.objects.filter(project=cast.project, label="Testing").count() == 1
    assert Workflow.objects.get(project=cast.project).version == 2


def test_the_same_moves_set_at_once_stand_once() -> None:
    cast = make_cast()
    send = sender(cast.admin)
    body = {"transitions": [{"from": "todo", "to": "done"}, {"from": "done", "to": "todo"}]}
    replies = at_once([partial(send, "PATCH", _workflow(cast), body) for _ in range(CROWD)])
    assert {reply.status_code for reply in replies} == {200}
    assert Transition.objects.filter(project=cast.project).count() == 2


def test_a_status_that_goes_while_tasks_come_leaves_no_task_behind() -> None:
    cast = make_cast()
    send, edit = sender(cast.member), sender(cast.admin)
    slugs = [{"slug": slug} for slug in ("backlog", "todo", "in_progress", "done", "cancelled")]
    body = {"title": "A", "project": str(cast.project.pk), "status": "review"}
    acts = [partial(send, "POST", "/api/v1/tasks/", body) for _ in range(CROWD)]
    change = {"statuses": slugs, "successors": {"review": "done"}}
    replies = at_once([*acts, partial(edit, "PATCH", _workflow(cast), change)])
    assert replies[-1].status_code == 200
    assert {reply.status_code for reply in replies[:-1]} <= {201, 400, 409}
    made = sum(reply.status_code == 201 for reply in replies[:-1])
    page = edit("GET", f"/api/v1/tasks/?project={cast.project.pk}").json()
    assert [task["status"] for task in page["results"]] == ["done"] * made

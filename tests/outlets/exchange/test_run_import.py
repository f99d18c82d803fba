from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from tests.cast import Cast
from tests.outlets.exchange.importing import ask, bring_in
from workloom.events.models import Head, LogRow
from workloom.outlets.exchange.actions import batches, run_import
from workloom.outlets.exchange.actions import run as running
from workloom.outlets.exchange.models import Import, LedgerEntry
from workloom.outlets.exchange.uploads import path_of
from workloom.people.accounts.models import User
from workloom.people.rights.rules import Role
from workloom.work.checklists.models import ChecklistItem
from workloom.work.comments.models import Comment
from workloom.work.labels.models import Label
from workloom.work.projects.models import ProjectMember
from workloom.work.tasks.models import Task
from workloom.work.workflows.models import Status


def rows_in_all() -> dict[str, int]:
    """How many rows each table has, but for the imports themselves and the log that tells of them."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model not in {Import, LogRow, Head} and model._meta.managed
    }


@pytest.fixture
def board(cast: Cast, fixtures: Path) -> Import:
    return bring_in(cast.project, cast.admin, "trello", fixtures / "trello-board.json")


def test_a_board_arrives_as_its_report_said(board: Import, cast: Cast) -> None:
    assert (board.status, board.error) == ("done", None)
    receipt = board.receipt or {}
    assert receipt["in"] == (board.report or {})["counts"]
    assert receipt["written"] == {
        "tasks": 6,
        "archived_tasks": 2,
        "due_dates": 2,
        "subtasks": 0,
        "checklists": 2,
        "checklist_items": 2,
        "comments": 2,
        "placeholders": 3,
        "people_matched": 0,
    }
    assert receipt["already_there"] == {"tasks": 0, "comments": 0}
    used = receipt["used"]
    assert (used["columns"], used["archived_columns"], used["labels"], used["people"]) == (4, 2, 4, 3)
    assert (board.progress_done, board.progress_total) == (6, 6)
    assert Task.objects.filter(project=cast.project).count() == 6


def test_a_card_is_a_task_with_everything(board: Import) -> None:
    task = Task.objects.get(title="Second in order")
    assert task.description == "First line\r\nsecond line\r\n"
    assert task.created_at == datetime(2020, 9, 13, 12, 27, 40, 250_000, tzinfo=UTC)
    assert task.updated_at == datetime(2020, 10, 1, 10, tzinfo=UTC)
    assert (task.due_at, task.due_date) == (datetime(2020, 11, 5, 17, 30, tzinfo=UTC), date(2020, 11, 5))
    assert (task.priority, task.estimate) == (3, 2.5)
    assert task.reporter.name == "Ben Okoro"
    assert [one.user.name for one in task.assignments.select_related("user")] == ["Mira Holm"]
    assert sorted(label.name for label in task.labels.all()) == ["Bug", "sky_light label"]
    assert task.status.label == "Ideas"
    assert task.board.name == "Small board"
    assert task.comments_count == 2
    comments = Comment.objects.filter(task=task).order_by("created_at").select_related("author")
    assert [(one.author.name, one.created_at) for one in comments] == [
        ("Once Here", datetime(2020, 10, 1, 10, tzinfo=UTC)),
        ("Mira Holm", datetime(2020, 10, 2, 10, 0, 0, 500_000, tzinfo=UTC)),
    ]
    items = ChecklistItem.objects.filter(checklist__task=task).order_by("position")
    assert [(one.text, one.done, one.assignee.name if one.assignee else "") for one in items] == [
        ("first", True, ""),
        ("second", False, "Ben Okoro"),
    ]


def test_cards_stand_in_their_order_and_lists_in_theirs(board: Import, cast: Cast) -> None:
    tasks = Task.objects.filter(project=cast.project).order_by("rank")
    assert [task.title[:8] for task in tasks] == [
        "First in",
        "Second i",
        "TTTTTTTT",
        "No title",
        "Forgotte",
        "Shipped",
    ]
    columns = tasks[0].board.columns.order_by("position")
    assert [(column.name, column.is_archived) for column in columns] == [
        ("Ideas", False),
        ("Old stuff", True),
        ("Done", False),
        ("done (2)", True),
    ]


def test_done_work_was_completed_when_it_was(board: Import) -> None:
    shipped = Task.objects.get(title="Shipped")
    assert (shipped.status.category, shipped.is_archived) == ("done", True)
    assert shipped.completed_at == datetime(2020, 9, 20, 9, tzinfo=UTC)


def test_the_log_tells_the_true_time_and_that_it_was_an_import(board: Import, cast: Cast) -> None:
    task = Task.objects.get(title="Second in order")
    row = LogRow.objects.get(object_id=task.pk, type="task.created")
    assert (row.via, row.occurred_at, row.actor_id) == ("import", task.created_at, cast.admin.pk)
    said = LogRow.objects.filter(subject_id=task.pk, type="comment.created").order_by("n").first()
    assert said is not None
    assert (said.via, said.occurred_at) == ("import", datetime(2020, 10, 1, 10, tzinfo=UTC))
    kinds = list(LogRow.objects.filter(object_id=board.pk).order_by("n").values_list("type", flat=True))
    assert kinds == ["import.requested", "import.finished"]


def test_placeholders_are_guests_who_cannot_sign_in(board: Import, cast: Cast) -> None:
    people = User.objects.filter(is_placeholder=True)
    assert {person.name for person in people} == {"Mira Holm", "Ben Okoro", "Once Here"}
    for person in people:
        assert (person.is_active, person.email, person.has_usable_password()) == (False, None, False)
    members = ProjectMember.objects.filter(project=cast.project, user__in=people)
    assert {member.role for member in members} == {Role.GUEST}


def test_the_file_is_gone_when_the_import_is_over(
    cast: Cast, fixtures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    work = ask(cast.project, cast.admin, "trello", fixtures / "trello-board.json")
    assert path_of(work.stored_as).stat().st_mode & 0o777 == 0o600
    with django_capture_on_commit_callbacks(execute=True):
        run_import(work.pk)
    assert not path_of(work.stored_as).exists()


def test_a_second_run_adds_nothing(board: Import, cast: Cast, fixtures: Path) -> None:
    before = rows_in_all()
    again = bring_in(cast.project, cast.admin, "trello", fixtures / "trello-board.json")
    assert again.pk != board.pk
    assert rows_in_all() == before
    receipt = again.receipt or {}
    assert receipt["already_there"] == {"tasks": 6, "comments": 2}
    assert (receipt["written"]["tasks"], receipt["written"]["placeholders"]) == (0, 0)


class Killed(Exception):
    """The process ends here."""


def kill_after(batch: int) -> Iterator[None]:
    for _ in range(batch):
        yield
    raise Killed


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_killed_run_continues_where_it_stopped(
    batch: int, cast: Cast, fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    work = ask(cast.project, cast.admin, "trello", fixtures / "trello-board.json")
    life = kill_after(batch - 1)
    with pytest.raises(Killed):
        run_import(work.pk, tell=lambda done, _total: next(life) if done else None)
    work.refresh_from_db()
    assert work.status == "running"
    assert Task.objects.filter(project=cast.project).count() == batch * 2
    assert path_of(work.stored_as).exists()
    done = run_import(work.pk)
    assert done.status == "done"
    assert (done.receipt or {})["written"]["tasks"] == 6
    assert (done.receipt or {})["written"]["comments"] == 2
    assert Comment.objects.count() == 2
    assert len(set(Task.objects.filter(project=cast.project).values_list("number", flat=True))) == 6


def test_the_same_file_asked_for_again_while_it_runs_is_the_same_import(cast: Cast, fixtures: Path) -> None:
    file = fixtures / "trello-board.json"
    first = ask(cast.project, cast.admin, "trello", file)
    assert ask(cast.project, cast.admin, "trello", file).pk == first.pk
    assert ask(cast.project, cast.admin, "trello", file, dry_run=True).pk != first.pk
    assert ask(cast.project, cast.manager, "trello", file).pk != first.pk


def test_an_import_that_dies_again_and_again_is_given_up(cast: Cast, fixtures: Path) -> None:
    work = ask(cast.project, cast.admin, "trello", fixtures / "trello-board.json")
    Import.objects.filter(pk=work.pk).update(attempts=running.MOST_ATTEMPTS)
    done = run_import(work.pk)
    assert (done.status, (done.error or {})["code"]) == ("failed", "interrupted")


def test_a_newer_export_adds_only_what_is_new(board: Import, cast: Cast, fixtures: Path) -> None:
    text = (fixtures / "trello-board.json").read_text()
    newer = text.replace('"Once Here"', '"Once Here "').replace(
        '"text": "Later comment"', '"text": "Later comment, edited there"'
    )
    action = newer.index('"actions": [') + len('"actions": [')
    author = '"idMemberCreator": "5f5e1000000000000000000b"'
    card = Task.objects.get(title="Second in order")
    entry = LedgerEntry.objects.get(noun="task", target=card.pk)
    comment = (
        f'{{"id": "new", {author}, "type": "commentCard", "date": "2020-10-05T00:00:00Z", '
        f'"data": {{"card": {{"id": "{entry.source_id}"}}, "text": "A third"}}}},'
    )
    done = bring_in(cast.project, cast.admin, "trello", (newer[:action] + comment + newer[action:]).encode())
    assert (done.receipt or {})["written"]["comments"] == 1
    assert list(Comment.objects.filter(task=card).order_by("created_at").values_list("body", flat=True))[1:] == [
        "Later comment",
        "A third",
    ]


def test_what_was_deleted_here_does_not_come_back(board: Import, cast: Cast, fixtures: Path) -> None:
    task = Task.objects.get(title="Forgotten")
    LogRow.objects.all()
    task.delete()
    bring_in(cast.project, cast.admin, "trello", fixtures / "trello-board.json")
    assert not Task.objects.filter(title="Forgotten").exists()


def test_parents_written_in_an_earlier_batch_are_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    table = b"id,title,parent\n1,Child,2\n2,Parent,\n3,Grandchild,1\n"
    bring_in(cast.project, cast.admin, "csv", table)
    child, grandchild = Task.objects.get(title="Child"), Task.objects.get(title="Grandchild")
    assert child.parent is not None
    assert child.parent.title == "Parent"
    assert grandchild.parent_id == child.pk
    assert Task.objects.get(title="Parent").subtasks_count == 1


@pytest.mark.parametrize(
    ("kind", "data", "code", "place"),
    [
        ("trello", b'{"cards": [1, 2', "truncated", "line 1, column 16 (cards)"),
        ("trello", b"[" * 100_000, "too_deep", "line 1, column 65 ([0])"),
        ("github", b'{"lists": [], "cards": []}', "wrong_kind", "line 1, column 11 (lists)"),
        ("csv", b"\xff\xfe\x00", "encoding", ""),
        ("csv", b'title\n"A', "truncated", "line 2"),
    ],
)
def test_a_broken_file_fails_with_its_place_and_writes_nothing(
    kind: str, data: bytes, code: str, place: str, cast: Cast
) -> None:
    before = rows_in_all()
    done = bring_in(cast.project, cast.admin, kind, data)
    error = done.error or {}
    assert (done.status, error["code"], error["place"] or "") == ("failed", code, place)
    assert done.receipt is None
    assert rows_in_all() == before


def test_a_dry_run_reports_and_writes_nothing(cast: Cast, fixtures: Path) -> None:
    before = rows_in_all()
    done = bring_in(cast.project, cast.admin, "trello", fixtures / "trello-board.json", dry_run=True)
    assert (done.status, done.receipt) == ("done", None)
    assert (done.report or {})["counts"]["tasks"] == 6
    assert rows_in_all() == before


def test_a_manager_cannot_bring_new_statuses_in(cast: Cast, fixtures: Path) -> None:
    before = rows_in_all()
    done = bring_in(cast.project, cast.manager, "trello", fixtures / "trello-board.json")
    assert (done.status, (done.error or {})["code"]) == ("failed", "forbidden")
    assert "Ideas" in (done.error or {})["detail"]
    assert rows_in_all() == before


def test_a_manager_brings_tasks_into_the_statuses_that_are_there(cast: Cast) -> None:
    done = bring_in(cast.project, cast.manager, "csv", b"title,status\nA,Done\nB,in-progress\nC,\n")
    assert done.status == "done"
    found = Task.objects.filter(project=cast.project).order_by("rank")
    assert [(task.title, task.status.slug) for task in found] == [("A", "done"), ("B", "in_progress"), ("C", "todo")]
    assert found[0].reporter == cast.manager


def test_somebody_who_lost_the_right_meanwhile_writes_nothing(cast: Cast, fixtures: Path) -> None:
    work = ask(cast.project, cast.manager, "github", fixtures / "github-issues.json")
    ProjectMember.objects.filter(project=cast.project, user=cast.manager).update(role=Role.VIEWER)
    done = run_import(work.pk)
    assert (done.status, (done.error or {})["code"]) == ("failed", "forbidden")
    assert Task.objects.count() == 0


def test_people_are_matched_by_address_only_inside_the_project(cast: Cast) -> None:
    table = f"title,assignee\nA,{cast.member.email.upper()}\nB,{cast.outsider.email}\n"  # type: ignore[union-attr] # the cast has addresses
    done = bring_in(cast.project, cast.admin, "csv", table.encode())
    assert (done.receipt or {})["written"]["people_matched"] == 1
    assert (done.receipt or {})["written"]["placeholders"] == 1
    assert [one.user for one in Task.objects.get(title="A").assignments.all()] == [cast.member]
    assert [one.user.is_placeholder for one in Task.objects.get(title="B").assignments.all()] == [True]


def test_issues_take_the_statuses_of_their_category(cast: Cast, fixtures: Path) -> None:
    before = Status.objects.count()
    bring_in(cast.project, cast.admin, "github", fixtures / "github-issues.json")
    tasks = Task.objects.filter(project=cast.project).order_by("number")
    assert [(task.status.slug, task.category.name if task.category else "") for task in tasks] == [
        ("todo", "Bug"),
        ("cancelled", ""),
        ("done", "Pull request"),
    ]
    assert Status.objects.count() == before
    assert tasks[1].description == "one\r\ntwo\r\n\r\nthree"
    assert Label.objects.filter(project=cast.project).count() == 3


def test_columns_called_alike_get_statuses_of_their_own(cast: Cast) -> None:
    lists = ",".join(
        f'{{"id":"{number}","name":"{name}","pos":{number}}}'
        for number, name in enumerate(("Done", "Completed", "To-Do", "to do"))
    )
    data = f'{{"name":"B","cards":[],"lists":[{lists}]}}'
    done = bring_in(cast.project, cast.admin, "trello", data.encode())
    assert (done.status, done.error) == ("done", None)
    assert (done.receipt or {})["used"]["statuses"] == 4


def test_two_projects_do_not_know_each_others_ledger(board: Import, cast: Cast, fixtures: Path) -> None:
    done = bring_in(cast.far_project, cast.outsider, "trello", fixtures / "trello-board.json")
    assert (done.receipt or {})["written"]["tasks"] == 6
    assert (done.receipt or {})["written"]["placeholders"] == 3


def test_batches_are_bounded() -> None:
    assert batches.BATCH <= 500

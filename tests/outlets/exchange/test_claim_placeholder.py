from pathlib import Path
from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.outlets.exchange.importing import bring_in
from workloom.events.models import LogRow
from workloom.outlets.exchange.models import LedgerEntry
from workloom.people.accounts.models import User
from workloom.work.checklists.models import ChecklistItem
from workloom.work.comments.models import Comment
from workloom.work.projects.models import ProjectMember
from workloom.work.tasks.models import Task


@pytest.fixture
def mira(cast: Cast, fixtures: Path) -> User:
    bring_in(cast.project, cast.admin, "trello", fixtures / "trello-board.json")
    return User.objects.get(is_placeholder=True, name="Mira Holm")


def address(cast: Cast, *parts: object) -> str:
    return f"/api/v1/projects/{cast.project.pk}/placeholders/" + "".join(f"{part}/" for part in parts)


def assigned(user: User) -> set[str]:
    return set(Task.objects.filter(assignments__user=user).values_list("title", flat=True))


def test_the_placeholders_of_a_project_are_listed(api: Api, cast: Cast, mira: User) -> None:
    reply = api.as_(cast.viewer).get(address(cast))
    assert reply.status_code == 200
    rows = reply.json()["results"]
    assert [(row["name"], row["username"], row["kind"]) for row in rows] == [
        ("Ben Okoro", "ben", "trello"),
        ("Mira Holm", "mira", "trello"),
        ("Once Here", "once", "trello"),
    ]
    assert rows[1]["id"] == str(mira.pk)


def test_outsiders_see_no_placeholders(api: Api, cast: Cast, mira: User) -> None:
    assert api.as_(cast.outsider).get(address(cast)).status_code == 404
    assert api.as_(cast.guest).get(address(cast)).status_code == 403


def test_a_member_takes_over_tasks_and_comments(api: Api, cast: Cast, mira: User) -> None:
    tasks = assigned(mira)
    assert tasks == {"Second in order", "Shipped"}
    reply = api.as_(cast.member).post(address(cast, mira.pk, "claim"), {})
    assert reply.status_code == 204
    assert assigned(cast.member) == tasks
    assert assigned(mira) == set()
    assert Comment.objects.get(body="Later comment").author == cast.member
    assert not ProjectMember.objects.filter(project=cast.project, user=mira).exists()
    assert LogRow.objects.filter(type="placeholder.claimed", actor_id=cast.member.pk).count() == 1
    changed = LogRow.objects.get(type="task.assigned", object_id=Task.objects.get(title="Shipped").pk)
    assert changed.changes == {"assignees": [[str(mira.pk)], [str(cast.member.pk)]]}


def test_a_reporter_is_taken_over_too(api: Api, cast: Cast, mira: User) -> None:
    ben = User.objects.get(is_placeholder=True, name="Ben Okoro")
    assert api.as_(cast.member).post(address(cast, ben.pk, "claim"), {}).status_code == 204
    assert Task.objects.get(title="Second in order").reporter == cast.member
    assert ChecklistItem.objects.get(text="second").assignee == cast.member


def test_somebody_who_is_on_the_task_already_is_on_it_once(api: Api, cast: Cast, mira: User) -> None:
    api.as_(cast.member).post(address(cast, mira.pk, "claim"), {})
    once = User.objects.get(is_placeholder=True, name="Once Here")
    ben = User.objects.get(is_placeholder=True, name="Ben Okoro")
    for person in (once, ben):
        assert api.as_(cast.member).post(address(cast, person.pk, "claim"), {}).status_code == 204
    task = Task.objects.get(title="First in order")
    assert [one.user for one in task.assignments.all()] == [cast.member]


def test_the_next_import_knows_who_it_is(api: Api, cast: Cast, mira: User, fixtures: Path) -> None:
    api.as_(cast.member).post(address(cast, mira.pk, "claim"), {})
    source_id = LedgerEntry.objects.get(noun="person", target=cast.member.pk).source_id
    text = (fixtures / "trello-board.json").read_text()
    card = f'{{"id": "another", "idList": "x", "name": "Another", "idMembers": ["{source_id}"]}},'
    start = text.index('"cards": [') + len('"cards": [')
    bring_in(cast.project, cast.admin, "trello", (text[:start] + card + text[start:]).encode())
    assert "Another" in assigned(cast.member)


def test_an_admin_claims_for_a_member(api: Api, cast: Cast, mira: User) -> None:
    reply = api.as_(cast.admin).post(address(cast, mira.pk, "claim"), {"user": str(cast.guest.pk)})
    assert reply.status_code == 204
    assert "Shipped" in assigned(cast.guest)


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("outsider", None, 404),
        ("guest", None, 403),
        ("viewer", None, 403),
        ("member", "manager", 403),
        ("manager", "member", 403),
        ("admin", "outsider", 400),
        ("admin", "nobody", 400),
    ],
)
def test_nobody_takes_over_what_is_not_theirs_to_take(
    who: str, whom: str | None, status: int, api: Api, cast: Cast, mira: User
) -> None:
    before = LogRow.objects.count()
    person = "0199a3f0-0000-7000-8000-000000000000" if whom == "nobody" else whom and str(getattr(cast, whom).pk)
    body: dict[str, Any] = {"user": person} if person else {}
    reply = api.as_(getattr(cast, who)).post(address(cast, mira.pk, "claim"), body)
    assert reply.status_code == status
    assert assigned(mira) == {"Second in order", "Shipped"}
    assert LogRow.objects.count() == before


def test_real_people_cannot_be_claimed(api: Api, cast: Cast, mira: User) -> None:
    assert api.as_(cast.admin).post(address(cast, cast.member.pk, "claim"), {}).status_code == 404


def test_a_claimed_placeholder_cannot_be_claimed_again(api: Api, cast: Cast, mira: User) -> None:
    api.as_(cast.member).post(address(cast, mira.pk, "claim"), {})
    assert api.as_(cast.manager).post(address(cast, mira.pk, "claim"), {}).status_code == 404

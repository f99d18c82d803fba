"""Several people at once in workspaces and projects: one race for each thing that must stay unique."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any

import pytest
from django.db.models import F

from tests.api import Api
from tests.cast import Cast, make_cast
from tests.factories import add_seats, make_project, make_user, make_workspace
from tests.log import recorded
from tests.races.together import at_once
from workloom.work.projects.models import FormerKey, Project, ProjectMember
from workloom.work.workspaces.models import Invitation, Workspace, WorkspaceMember

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
API = "/api/v1"
AT_ONCE = 6


def committing() -> Api:
    """The server for tests that commit by themselves."""
    return Api(lambda **_: nullcontext())


def together(*acts: Callable[[], Any]) -> list[Any]:
    return at_once(acts)


def statuses(replies: Sequence[Any]) -> list[int]:
    return sorted(reply.status_code for reply in replies)


@pytest.fixture
def stage(transactional_db: None) -> Cast:
    return make_cast()


def test_one_key_makes_one_project(stage: Cast) -> None:
    owner = committing().as_(stage.owner)
    body = {"name": "New", "key": "NEW", "workspace": str(stage.workspace.pk)}
    replies = together(*[partial(owner.post, f"{API}/projects/", body)] * AT_ONCE)
    assert statuses(replies) == [201] + [409] * (AT_ONCE - 1)
    assert Project.objects.filter(key="NEW").count() == 1


def test_one_name_makes_projects_with_different_keys(stage: Cast) -> None:
    owner = committing().as_(stage.owner)
    body = {"name": "Engineering", "workspace": str(stage.workspace.pk)}
    replies = together(*[partial(owner.post, f"{API}/projects/", body)] * AT_ONCE)
    assert statuses(replies) == [201] * AT_ONCE
    keys = {reply.json()["key"] for reply in replies}
    assert keys == {"ENG", *(f"ENG{number}" for number in range(2, AT_ONCE + 1))}


def test_a_key_given_up_is_not_taken_in_the_same_moment(stage: Cast) -> None:
    owner = committing().as_(stage.owner)
    rename = partial(owner.patch, f"{API}/projects/{stage.project.pk}/", {"key": "DEV"})
    body = {"name": "New", "key": "NEAR", "workspace": str(stage.workspace.pk)}
    replies = together(rename, *[partial(owner.post, f"{API}/projects/", body)] * 3)
    assert [reply.status_code for reply in replies] == [200, 409, 409, 409]
    clashes = FormerKey.objects.filter(workspace__projects__key=F("key"))
    assert not clashes.exists()


def test_first_requests_make_one_home() -> None:
    ann = make_user()
    clients = [committing().as_(ann) for _ in range(AT_ONCE)]
    replies = together(*[partial(client.get, f"{API}/projects/") for client in clients])
    assert statuses(replies) == [200] * AT_ONCE
    assert Workspace.objects.filter(personal_of=ann).count() == 1
    (inbox,) = Project.objects.all()
    assert {row["id"] for reply in replies for row in reply.json()["results"]} == {str(inbox.pk)}


def test_first_projects_share_one_home() -> None:
    ann = committing().as_(make_user())
    replies = together(*[partial(ann.post, f"{API}/projects/", {"name": f"P{at}x"}) for at in range(AT_ONCE)])
    assert statuses(replies) == [201] * AT_ONCE
    assert Workspace.objects.count() == 1
    assert Project.objects.count() == AT_ONCE + 1


def test_a_member_is_added_once(stage: Cast) -> None:
    admin = committing().as_(stage.admin)
    body = {"user_id": str(stage.outsider.pk)}
    replies = together(*[partial(admin.post, f"{API}/projects/{stage.project.pk}/members/", body)] * AT_ONCE)
    assert statuses(replies) == [200] * (AT_ONCE - 1) + [201]
    assert len(recorded("member.added")) == 1
    assert Project.objects.get(pk=stage.project.pk).version == 2


def test_a_guest_joins_two_projects_at_once_and_gets_one_seat(stage: Cast) -> None:
    other = make_project(stage.owner, stage.workspace)
    owner = committing().as_(stage.owner)
    body = {"user_id": str(stage.outsider.pk)}
    places = [f"{API}/projects/{project.pk}/members/" for project in (stage.project, other)]
    assert statuses(together(*[partial(owner.post, place, body) for place in places])) == [201, 201]
    assert WorkspaceMember.objects.filter(workspace=stage.workspace, user=stage.outsider).count() == 1


def test_who_joins_one_project_while_leaving_another_keeps_the_seat(stage: Cast) -> None:
    other = make_project(stage.owner, stage.workspace)
    owner = committing().as_(stage.owner)
    leave = partial(owner.delete, f"{API}/projects/{stage.project.pk}/members/{stage.guest.pk}/")
    join = partial(owner.post, f"{API}/projects/{other.pk}/members/", {"user_id": str(stage.guest.pk)})
    assert [reply.status_code for reply in together(leave, join)] == [204, 201]
    assert ProjectMember.objects.filter(project=other, user=stage.guest).exists()
    assert WorkspaceMember.objects.filter(workspace=stage.workspace, user=stage.guest).exists()


def test_a_project_keeps_an_admin_when_its_owner_hands_over_to_who_leaves(stage: Cast) -> None:
    ProjectMember.objects.filter(project=stage.project, user=stage.manager).update(role="admin")
    place = f"{API}/projects/{stage.project.pk}/"
    owner, other = committing().as_(stage.admin), committing().as_(stage.manager)
    hand_over = partial(owner.patch, place, {"owner": str(stage.manager.pk)})
    leave = partial(other.delete, f"{place}members/{stage.manager.pk}/")
    together(hand_over, leave)
    project = Project.objects.get(pk=stage.project.pk)
    assert ProjectMember.objects.get(project=project, user=project.owner_id).role == "admin"


def test_the_last_two_owners_do_not_both_leave(stage: Cast) -> None:
    workspace = make_workspace(stage.outsider)
    add_seats(workspace, owner=stage.member)
    place = f"{API}/workspaces/{workspace.pk}/members"
    leave = [partial(committing().as_(one).delete, f"{place}/{one.pk}/") for one in (stage.outsider, stage.member)]
    assert statuses(together(*leave)) == [204, 409]
    assert WorkspaceMember.objects.filter(workspace=workspace, role="owner").count() == 1


def test_one_slug_makes_one_workspace_and_one_name_many(stage: Cast) -> None:
    owner = committing().as_(stage.owner)
    replies = together(*[partial(owner.post, f"{API}/workspaces/", {"name": "N", "slug": "one"})] * AT_ONCE)
    assert statuses(replies) == [201] + [409] * (AT_ONCE - 1)
    replies = together(*[partial(owner.post, f"{API}/workspaces/", {"name": "Many"})] * AT_ONCE)
    assert statuses(replies) == [201] * AT_ONCE
    assert len({reply.json()["slug"] for reply in replies}) == AT_ONCE


def test_one_address_has_one_invitation_of_which_one_secret_works_once(stage: Cast) -> None:
    owner = committing().as_(stage.owner)
    place = f"{API}/workspaces/{stage.workspace.pk}/invitations/"
    replies = together(*[partial(owner.post, place, {"email": "new@example.org"})] * AT_ONCE)
    assert statuses(replies) == [201] * AT_ONCE
    assert Invitation.objects.count() == 1
    newcomer = committing().as_(make_user("new"))
    accept = f"{API}/workspaces/invitations/accept/"
    tokens = [reply.json()["token"] for reply in replies]
    taken = together(*[partial(newcomer.post, accept, {"token": token}) for token in tokens * 2])
    assert statuses(taken) == [200] + [404] * (2 * AT_ONCE - 1)


def test_no_project_is_made_in_a_workspace_that_is_deleted(stage: Cast) -> None:
    workspace = make_workspace(stage.owner)
    owner = committing().as_(stage.owner)
    delete = partial(owner.delete, f"{API}/workspaces/{workspace.pk}/")
    make = partial(owner.post, f"{API}/projects/", {"name": "New", "workspace": str(workspace.pk)})
    deleted, made = together(delete, make)
    assert (deleted.status_code, made.status_code) in {(204, 404), (409, 201)}


def test_edits_of_different_fields_all_survive(stage: Cast) -> None:
    place = f"{API}/projects/{stage.project.pk}/"
    wanted = {"name": "New", "description": "d", "time_zone": "Asia/Tokyo", "is_archived": True, "key": "NEW"}
    admin = committing().as_(stage.admin)
    replies = together(*[partial(admin.patch, place, {name: value}) for name, value in wanted.items()])
    assert statuses(replies) == [200] * len(wanted)
    row = admin.get(place).json()
    assert {name: row[name] for name in wanted} == wanted
    assert row["version"] == 1 + len(wanted)

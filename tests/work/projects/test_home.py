"""The personal workspace with its Inbox, made at the first need."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_user, personal_token
from tests.log import recorded
from workloom.core.errors import Forbidden, Invalid
from workloom.work.projects.actions import ensure_home, welcome
from workloom.work.projects.models import Project
from workloom.work.workspaces.models import Workspace

PROJECTS = "/api/v1/projects/"


def test_the_first_list_shows_the_inbox(api: Api) -> None:
    ann = make_user("ann", name="Ann Alder")
    reply = api.as_(ann).get(PROJECTS)
    assert [(row["key"], row["name"], row["owner"]) for row in reply.json()["results"]] == [
        ("INBOX", "Inbox", str(ann.pk))
    ]
    home = Workspace.objects.get()
    assert (home.name, home.slug, home.personal_of) == ("Ann Alder", "ann", ann)


def test_a_second_list_makes_nothing(api: Api) -> None:
    ann = api.as_(make_user())
    ann.get(PROJECTS)
    before = recorded()
    assert len(ann.get(PROJECTS).json()["results"]) == 1
    assert recorded() == before


def test_a_home_that_is_there_costs_one_query(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    actor = make_user().as_actor()
    inbox = ensure_home(actor)
    with django_assert_num_queries(1):
        welcome(actor)
    with django_assert_num_queries(1):
        assert ensure_home(actor) == inbox


def test_the_inbox_has_workflow_and_board(db: None) -> None:
    inbox = ensure_home(make_user().as_actor())
    assert inbox.statuses.count() == 6
    assert inbox.boards.count() == 1


def test_people_of_one_name_get_homes_of_their_own(db: None) -> None:
    make_user("owner")
    homes = [ensure_home(make_user(name="Ann").as_actor()).workspace for _ in range(2)]
    assert homes[0].name == homes[1].name == "Ann"
    assert homes[0].slug != homes[1].slug


def test_tokens_limited_to_projects_make_no_home(api: Api, cast: Cast) -> None:
    token = cast.token("admin", of="member", projects=[cast.project])
    reply = api.as_(token).get(PROJECTS)
    assert [row["key"] for row in reply.json()["results"]] == ["NEAR"]
    assert not Project.objects.filter(inbox_of=cast.member).exists()


def test_a_limited_token_must_name_a_project(db: None) -> None:
    ann = make_user()
    inbox = ensure_home(ann.as_actor())
    actor = ann.as_actor()
    limited = type(actor)(actor.id, actor.kind, actor.name, projects=frozenset())
    with pytest.raises(Invalid, match="Name a project"):
        ensure_home(limited)
    fitting = type(actor)(actor.id, actor.kind, actor.name, projects=frozenset({inbox.pk}))
    assert ensure_home(fitting) == inbox


def test_placeholders_have_no_home(db: None) -> None:
    with pytest.raises(Forbidden):
        ensure_home(make_user(is_placeholder=True).as_actor())
    assert not Workspace.objects.exists()


def test_a_denied_request_makes_no_home(api: Api, cast: Cast) -> None:
    outsider = api.as_(cast.guest)
    assert outsider.get(f"{PROJECTS}{cast.far_project.pk}/").status_code == 404
    assert outsider.post(PROJECTS, {"name": "New", "workspace": str(cast.far_workspace.pk)}).status_code == 404
    assert outsider.get(PROJECTS, {"nonsense": "1"}).status_code == 400
    assert not Project.objects.filter(inbox_of=cast.guest).exists()


def test_a_reading_token_finds_a_home_too(api: Api) -> None:
    assert len(api.as_(personal_token(make_user(), "read")).get(PROJECTS).json()["results"]) == 1


def test_the_inbox_stays(api: Api) -> None:
    ann = api.as_(make_user())
    (row,) = ann.get(PROJECTS).json()["results"]
    reply = ann.delete(f"{PROJECTS}{row['id']}/")
    assert (reply.status_code, reply.json()["code"]) == (409, "inbox_stays")
    reply = ann.patch(f"{PROJECTS}{row['id']}/", {"owner": str(make_user().pk)})
    assert (reply.status_code, reply.json()["code"]) == (409, "inbox_stays")
    assert ann.patch(f"{PROJECTS}{row['id']}/", {"name": "Desk"}).json()["name"] == "Desk"

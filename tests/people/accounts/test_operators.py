from collections.abc import Callable

import pytest

from tests.api import Api
from tests.factories import PASSWORD, access_token, make_operator, make_user, personal_token
from workloom.core.actor import SYSTEM, Actor
from workloom.core.errors import Conflict, Invalid, Missing
from workloom.core.ids import uuid7
from workloom.events.publish import publish
from workloom.events.queries import log_rows
from workloom.events.verify import chain_breaks
from workloom.people.accounts.actions import (
    anonymise_user,
    change_role,
    create_operator,
    create_placeholder,
    set_active,
    set_password,
    update_profile,
)
from workloom.people.accounts.models import PersonalToken, Session, User, UserRole
from workloom.people.accounts.rules.wanted import ProfileChange

Recorded = Callable[[], list[str]]


@pytest.fixture
def boss(db: None) -> Actor:
    return make_operator("boss").as_actor()


def test_a_role_changes_once(boss: Actor, recorded: Recorded) -> None:
    ada = make_user("ada")
    assert change_role(ada.id, UserRole.ADMIN, actor=boss).is_operator
    assert change_role(ada.id, UserRole.ADMIN, actor=boss).version == 2
    assert recorded() == ["person.role_changed"]
    assert log_rows().get().changes == {"role": ["user", "admin"]}


WAYS: dict[str, Callable[[Actor], object]] = {
    "role": lambda boss: change_role(boss.person, UserRole.USER, actor=boss),
    "active": lambda boss: set_active(boss.person, active=False, actor=boss),
    "anonymise": lambda boss: anonymise_user(boss.person, actor=boss),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_last_operator_stays(boss: Actor, way: str, recorded: Recorded) -> None:
    make_operator("off", is_active=False)
    with pytest.raises(Conflict) as refusal:
        WAYS[way](boss)
    assert refusal.value.code == "last_operator"
    assert User.objects.get(pk=boss.person).is_operator
    assert recorded() == []


def test_one_of_two_operators_may_go(boss: Actor) -> None:
    other = make_operator("other")
    assert not change_role(boss.person, UserRole.USER, actor=boss).is_operator
    assert User.objects.get(pk=other.pk).is_operator


def test_deactivating_ends_sessions_and_rests_tokens(api: Api, boss: Actor, recorded: Recorded) -> None:
    ada = make_user("ada")
    token, secret = access_token(ada), personal_token(ada)
    set_active(ada.id, active=False, actor=boss)
    assert [api.as_(one).get("/api/v1/auth/verify/").status_code for one in (token, secret)] == [401, 401]
    set_active(ada.id, active=True, actor=boss)
    assert [api.as_(one).get("/api/v1/auth/verify/").status_code for one in (token, secret)] == [401, 200]
    assert recorded() == ["person.deactivated", "session.ended", "person.activated"]


def test_nobody_unknown_is_changed(boss: Actor) -> None:
    with pytest.raises(Missing):
        set_active(uuid7(), active=False, actor=boss)


def test_an_operator_is_made_verified(db: None, recorded: Recorded) -> None:
    user = create_operator(" Boss@Example.org ", PASSWORD)
    assert (user.email, user.username, user.role, user.is_verified) == ("Boss@Example.org", "boss", "admin", True)
    assert user.has_perm("anything")
    assert recorded() == ["person.registered"]
    assert log_rows().get().actor_kind == "system"


@pytest.mark.parametrize(("email", "password"), [("boss", PASSWORD), ("b@example.org", "password1"), ("", PASSWORD)])
def test_an_operator_passes_the_same_rules(db: None, email: str, password: str) -> None:
    with pytest.raises(Invalid):
        create_operator(email, password)
    assert User.objects.count() == 0


def test_a_placeholder_never_signs_in_nor_operates(api: Api, boss: Actor) -> None:
    ghost = create_placeholder("Grace Hopper", username="ghopper", actor=SYSTEM)
    second = create_placeholder("Grace Hopper", username="ghopper", actor=SYSTEM)
    assert (ghost.username, ghost.email, ghost.is_active) == ("ghopper", None, False)
    assert second.username.startswith("ghopper-")
    with pytest.raises(Conflict):
        set_active(ghost.id, active=True, actor=boss)
    with pytest.raises(Conflict):
        change_role(ghost.id, UserRole.ADMIN, actor=boss)
    assert api.post("/api/v1/auth/login/", {"username": "ghopper", "password": ""}).status_code in {400, 401}


def test_a_password_set_by_an_operator_ends_all_sessions(boss: Actor, recorded: Recorded) -> None:
    ada = make_user("ada", password="an old long one 1")
    access_token(ada)
    set_password(ada.id, PASSWORD, actor=boss)
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)
    assert recorded() == ["password.changed", "session.ended"]


def test_an_anonymised_person_leaves_nothing_personal_behind(api: Api, boss: Actor, recorded: Recorded) -> None:
    ada = make_user("ada", name="Ada Lovelace", password=PASSWORD, bio="Notes")
    login = api.post("/api/v1/auth/login/", {"username": "ada", "password": PASSWORD}, headers={"User-Agent": "ada's"})
    personal_token(ada)
    update_profile(ada.id, ProfileChange(name="Ada King"), actor=ada.as_actor())
    publish()
    anonymise_user(ada.id, actor=boss)
    anonymise_user(ada.id, actor=boss)
    ada.refresh_from_db()
    assert (ada.email, ada.name, ada.bio, ada.is_active, ada.has_usable_password()) == (None, "", "", False, False)
    assert "ada" not in ada.username
    assert not Session.objects.filter(user=ada).exists()
    assert not PersonalToken.objects.filter(user=ada).exists()
    assert api.as_(login.json()["access"]).get("/api/v1/auth/verify/").status_code == 401
    rows = [row for row in log_rows() if row.type != "person.anonymised"]
    assert "Ada" not in str([row.__dict__ for row in rows])
    assert "ada's" not in str([row.__dict__ for row in rows])
    assert recorded()[-1] == "person.anonymised"
    assert recorded().count("person.anonymised") == 1
    publish()
    assert chain_breaks() == []

"""Who may open a socket, by which way, and how it ends."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.test import override_settings

from tests.cast import Cast
from tests.factories import access_token, make_session, personal_token
from tests.outlets.realtime.listening import Client, Listening
from tests.work.tasks.making import acting, make_task
from workloom.core.clock import now
from workloom.core.db import run_write
from workloom.outlets.realtime.rules import LONGEST_MESSAGE, MESSAGES, MOST_CONNECTIONS
from workloom.people.accounts.actions import end_all_sessions, end_session, revoke_token, set_active
from workloom.people.accounts.browser import KEY
from workloom.people.accounts.models import PersonalToken, Session, SessionKind, User

pytestmark = pytest.mark.django_db(transaction=True)
OWN = "http://testserver"


def cookie_of(user: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[KEY] = str(make_session(user, SessionKind.BROWSER).pk)
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def by_cookie(house: Listening, user: User, origin: str | None) -> Client:
    headers = {"cookie": cookie_of(user)} | ({"origin": origin} if origin else {})
    return house.socket(headers=headers)


def refusal(client: Client) -> tuple[str, int]:
    message = client.next()
    assert message["type"] == "error"
    return message["code"], client.close_code()


@pytest.mark.parametrize("path", ["/ws/tasks/", "/ws/tasks"])
def test_by_subprotocol(house: Listening, transactional_cast: Cast, path: str) -> None:
    client = house.socket(transactional_cast.member, path=path)
    message = client.next()
    assert (message["type"], message["user"]) == ("authenticated", str(transactional_cast.member.pk))
    assert client.accepted["subprotocol"] == "bearer"


def test_by_the_first_message(house: Listening, transactional_cast: Cast) -> None:
    client = house.socket()
    client.send({"type": "authenticate", "token": access_token(transactional_cast.member)})
    assert client.next()["type"] == "authenticated"
    assert "subprotocol" not in client.accepted
    make_task(transactional_cast.project, transactional_cast.admin, "News")
    assert client.next()["task"]["title"] == "News"


def test_by_header(house: Listening, transactional_cast: Cast) -> None:
    client = house.socket(headers={"authorization": f"Bearer {access_token(transactional_cast.member)}"})
    assert client.next()["type"] == "authenticated"


@pytest.mark.parametrize("origin", [OWN, "https://testserver", "https://app.example.org"])
@override_settings(CORS_ORIGINS=["https://app.example.org"])
def test_by_cookie_from_a_page_that_may(house: Listening, transactional_cast: Cast, origin: str) -> None:
    assert by_cookie(house, transactional_cast.member, origin).next()["type"] == "authenticated"


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://testserver.evil.example", "http://testserver:81"]
)
def test_a_page_of_another_origin_may_not_use_the_cookie(
    house: Listening, transactional_cast: Cast, origin: str | None
) -> None:
    assert refusal(by_cookie(house, transactional_cast.member, origin)) == ("other_origin", 4403)


def test_a_cookie_that_leads_nowhere_leaves_the_other_ways(house: Listening, transactional_cast: Cast) -> None:
    client = house.socket(headers={"cookie": f"{settings.SESSION_COOKIE_NAME}=abc", "origin": OWN})
    client.send({"type": "authenticate", "token": access_token(transactional_cast.member)})
    assert client.next()["type"] == "authenticated"


@pytest.mark.parametrize("name", ["token", "access_token", "Authorization", "jwt"])
def test_never_by_the_address(house: Listening, transactional_cast: Cast, name: str) -> None:
    token = access_token(transactional_cast.member)
    assert refusal(house.socket(query_string=f"{name}={token}".encode())) == ("token_in_address", 4401)


@pytest.mark.parametrize("token", ["nonsense", "wl_nonsense", "é"])
def test_a_bad_token_is_refused_in_words(house: Listening, transactional_cast: Cast, token: str) -> None:
    client = house.socket()
    client.send({"type": "authenticate", "token": token})
    assert refusal(client) == ("invalid_token", 4401)


def test_whoever_says_something_else_first_is_not_signed_in(house: Listening, transactional_cast: Cast) -> None:
    client = house.socket()
    client.send({"type": "subscribe"})
    assert refusal(client) == ("not_authenticated", 4401)


def test_there_is_not_for_ever_to_sign_in(transactional_db: None) -> None:
    house = Listening(sign_in_within_s=0.01)
    try:
        assert refusal(house.socket()) == ("not_authenticated", 4401)
    finally:
        house.close()


def test_another_address_has_no_socket(house: Listening, transactional_cast: Cast) -> None:
    assert house.socket(transactional_cast.member, path="/ws/other/").close_code() == 4404


@pytest.mark.parametrize("way", ["signed out", "everywhere", "deactivated", "expired"])
def test_a_socket_ends_with_the_session_that_opened_it(house: Listening, transactional_cast: Cast, way: str) -> None:
    cast = transactional_cast
    session = make_session(cast.member)
    client = house.joined(access_token(cast.member, session))
    if way == "signed out":
        run_write(lambda: end_session(session, actor=acting(cast.member)))
    elif way == "everywhere":
        run_write(lambda: end_all_sessions(cast.member.pk, actor=acting(cast.member)))
    elif way == "deactivated":
        run_write(lambda: set_active(cast.member.pk, active=False, actor=acting(cast.operator)))
    else:
        Session.objects.filter(pk=session.pk).update(expires_at=now() - timedelta(seconds=1))
    make_task(cast.project, cast.admin, "Secret")
    if way != "expired":
        assert client.event() == {"type": "websocket.close", "code": 4401, "reason": client_words()}
    else:
        assert client.close_code() == 4401
    assert client.ended.wait(20)


def client_words() -> str:
    return "The session or token that opened this has ended. Sign in again."


@pytest.mark.parametrize("way", ["revoked", "deactivated"])
def test_a_socket_ends_with_its_personal_token(house: Listening, transactional_cast: Cast, way: str) -> None:
    cast = transactional_cast
    client = house.joined(personal_token(cast.member))
    if way == "revoked":
        run_write(lambda: revoke_token(PersonalToken.objects.get(user=cast.member), actor=acting(cast.member)))
    else:
        run_write(lambda: set_active(cast.member.pk, active=False, actor=acting(cast.operator)))
    make_task(cast.project, cast.admin, "Secret")
    assert client.event()["code"] == 4401


def test_another_session_of_the_same_person_goes_on(house: Listening, transactional_cast: Cast) -> None:
    cast = transactional_cast
    ending, staying = make_session(cast.member), make_session(cast.member)
    one, other = house.joined(access_token(cast.member, ending)), house.joined(access_token(cast.member, staying))
    run_write(lambda: end_session(ending, actor=acting(cast.member)))
    assert one.close_code() == 4401
    make_task(cast.project, cast.admin, "News")
    assert other.next()["task"]["title"] == "News"


def test_one_person_holds_so_many_sockets_and_no_more(house: Listening, transactional_cast: Cast) -> None:
    token = access_token(transactional_cast.member)
    clients = [house.joined(token) for _ in range(MOST_CONNECTIONS)]
    assert refusal(house.socket(token)) == ("too_many_connections", 4429)
    clients[0].leave()
    assert house.socket(token).next()["type"] == "authenticated"


def test_messages_are_bounded_in_size_and_pace(house: Listening, transactional_cast: Cast) -> None:
    long = house.joined(transactional_cast.member)
    long.send("x" * (LONGEST_MESSAGE + 1))
    assert long.close_code() == 1009
    fast = house.joined(transactional_cast.member)
    for _ in range(MESSAGES + 1):
        fast.send({"type": "ping"})
    assert fast.close_code() == 4429


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", "malformed_message"),
        ('{"type":"ping","a":' + "[" * 60_000, "malformed_message"),
        ("[]", "invalid_message"),
        ('{"type":"dance"}', "invalid_message"),
        ('{"type":"subscribe","projekts":[]}', "invalid_message"),
        ('{"type":"subscribe","projects":["x"]}', "invalid_message"),
        ('{"type":"subscribe","projects":[]}', "invalid_message"),
        ('{"type":"subscribe","after":"1"}', "invalid_message"),
        ('{"type":"subscribe","after":-1}', "invalid_message"),
        ('{"type":"authenticate","token":"x"}', "already_signed_in"),
    ],
)
def test_what_cannot_be_understood_is_answered_and_the_socket_stays(
    house: Listening, transactional_cast: Cast, sent: str, code: str
) -> None:
    client = house.joined(transactional_cast.member)
    client.send(sent)
    message = client.next()
    assert (message["type"], message["code"]) == ("error", code)
    assert message["detail"]
    client.send({"type": "ping"})
    assert client.next() == {"type": "pong"}

"""Who sends a request: a header with an access or personal token, or a browser's cookie with a CSRF token."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from workloom.core.actor import Actor, ActorKind
from workloom.core.clock import now
from workloom.core.errors import Forbidden, Unauthenticated
from workloom.people.accounts.actions.uses import note_session, note_token
from workloom.people.accounts.browser import session_of_browser
from workloom.people.accounts.queries import expect_session, expected_session, live_session, live_token
from workloom.people.accounts.rules.tokens import ACCESS, PERSONAL_PREFIX, BadToken, digest, read_token, signer

SCHEMES = ("bearer", "token")
CHALLENGE = 'Bearer realm="workloom"'


class Authentication(BaseAuthentication):
    """The way in for every endpoint. A bad credential is refused even where none is needed: its sender expects one."""

    def authenticate(self, request: Request) -> tuple[Actor, Actor] | None:
        """Return who acts, for the framework's user and auth alike; None when nothing was sent. Endpoints say when it `may_owe` the proof."""
        inner = request._request  # noqa: SLF001 - the framework's documented way to the inner request
        header = request.META.get("HTTP_AUTHORIZATION", "")
        view = (request.parser_context or {}).get("view")
        may_owe = bool(getattr(view, "may_owe", False))
        actor = actor_of_credential(credential_in(header), may_owe=may_owe) if header else actor_by_cookie(inner)
        return (actor, actor) if actor else None

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme for WWW-Authenticate."""
        return CHALLENGE


class LenientAuthentication(Authentication):
    """For register, sign-in, refresh and sign-out: an old header must not keep anybody from getting a new one."""

    def authenticate(self, request: Request) -> tuple[Actor, Actor] | None:
        """As above, with a bad credential, or a cookie without its CSRF token, read as none."""
        try:
            return super().authenticate(request)
        except (Unauthenticated, Forbidden):
            return None


def credential_in(header: str) -> str:
    """Take the token out of an Authorization header; raises Unauthenticated."""
    scheme, _, credential = header.strip().partition(" ")
    credential = credential.strip()
    if scheme.lower() not in SCHEMES or not credential or not credential.isascii() or " " in credential:
        raise Unauthenticated("invalid_token", "Send Authorization: Bearer <token>.")
    return credential


def actor_of_credential(credential: str, *, may_owe: bool = False) -> Actor:
    """Find whom an access token or a personal token belongs to; raises Unauthenticated. Sockets ask here too.

    `may_owe` is for who calls `prove` before anything is told: see `expected_session`.
    """
    if credential.startswith(PERSONAL_PREFIX):
        return _by_personal_token(credential)
    return _by_access_token(credential, may_owe=may_owe)


def _by_access_token(credential: str, *, may_owe: bool) -> Actor:
    try:
        claims = read_token(credential, ACCESS, signer(), now())
    except BadToken as error:
        raise _refused() from error
    expected = expected_session(claims.session, claims.user) if may_owe else None
    if expected is not None:
        return expected.as_actor()
    session = live_session(claims.session, claims.user)
    if session is None:
        raise _refused()
    note_session(session)
    expect_session(session)
    return session.as_actor()


def _by_personal_token(credential: str) -> Actor:
    token = live_token(digest(credential))
    if token is None:
        raise _refused()
    note_token(token)
    user = token.user
    return Actor(
        id=user.id,
        kind=ActorKind.TOKEN,
        name=user.shown_name,
        is_operator=user.is_operator,
        scopes=frozenset(token.scopes),
        projects=None if token.projects is None else frozenset(UUID(key) for key in token.projects),
        zone=user.time_zone,
    )


def actor_by_cookie(request: HttpRequest) -> Actor | None:
    """Find the person behind a browser's session; raises Forbidden for an unsafe request without its CSRF token."""
    session = session_of_browser(request)
    if session is None:
        return None
    _check_csrf(request)
    return session.user.as_actor(session.id)


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise Forbidden("csrf_failed", f"{reason} Send the cookie csrftoken's value as X-CSRFToken.")


def _check_csrf(request: HttpRequest) -> None:
    """Endpoints are exempt from the middleware, since tokens need no such check; cookies do."""
    check = _CsrfCheck(lambda _: HttpResponse())
    check.process_request(request)
    check.process_view(request, lambda _: HttpResponse(), (), {})


def _refused() -> Unauthenticated:
    return Unauthenticated("invalid_token", "The token is not valid or has expired. Sign in again.")

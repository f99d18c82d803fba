"""Registration, sign-in and one's own account."""

from typing import ClassVar

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.errors import Forbidden, Unauthenticated
from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.http.params import shape_of
from workloom.events.queries import fields_touched_since
from workloom.people.accounts.access import access_account
from workloom.people.accounts.actions.profile import change_password, update_profile
from workloom.people.accounts.actions.register import register_person
from workloom.people.accounts.actions.sessions import (
    Opened,
    end_all_sessions,
    end_session,
    refresh_session,
    session_of_refresh,
)
from workloom.people.accounts.actions.sign_in import sign_in
from workloom.people.accounts.authentication import LenientAuthentication
from workloom.people.accounts.browser import enter_browser, leave_browser
from workloom.people.accounts.models import Session, SessionKind
from workloom.people.accounts.rows import (
    JwkRow,
    JwksRow,
    ProfileRow,
    SignedInRow,
    UserRow,
    VerifiedRow,
    profile_row,
    user_row,
)
from workloom.people.accounts.rules.sessions import access_lifetime
from workloom.people.accounts.rules.tokens import jwks, signer
from workloom.people.accounts.serializers import ChangePasswordIn, LoginIn, LogoutIn, ProfileIn, RefreshIn, RegisterIn
from workloom.people.rights.rules import Right, demand_personal


class DoorEndpoint(Endpoint):
    """Where people come in or leave: open to visitors, whatever old header they send."""

    public: ClassVar[bool] = True
    keyed: ClassVar[bool] = False
    in_transaction: ClassVar[bool] = False
    authentication_classes = (LenientAuthentication,)


class RegisterView(DoorEndpoint):
    @operation("Register", body=RegisterIn, reply=UserRow, status=201, errors=(400, 429))
    def post(self, request: Request) -> HttpResponse:
        """Make an account. A username is made from the address when none is sent; the role is never yours to choose."""
        user = register_person(self.parse(RegisterIn))
        return self.reply(user_row(user), status=201)


class LoginView(DoorEndpoint):
    kind: ClassVar[SessionKind] = SessionKind.ROTATING

    @operation("Sign in", body=LoginIn, reply=SignedInRow, errors=(400, 401, 403, 429))
    def post(self, request: Request) -> HttpResponse:
        """Exchange address or username and password for an access token and a refresh token.

        `token` equals `access`. A wrong password and an unknown account get the same answer. With `cookie: true` the
        session is carried by an HttpOnly cookie instead; unsafe requests then need the header X-CSRFToken.
        """
        wanted = self.parse(LoginIn)
        if self.kind is SessionKind.COMPAT and not settings.TOKEN_COMPAT:
            raise Forbidden(
                "token_compat_off", "This installation has switched /api/token/ off. Use /api/v1/auth/login/."
            )
        opened = sign_in(wanted.login, wanted.password, SessionKind.BROWSER if wanted.cookie else self.kind)
        if wanted.cookie:
            enter_browser(request._request, opened)  # noqa: SLF001 - the framework's documented way to the inner request
        return self.reply(signed_in_row(opened))


class RefreshView(DoorEndpoint):
    @operation("Refresh the tokens", body=RefreshIn, reply=SignedInRow, errors=(400, 401, 429))
    def post(self, request: Request) -> HttpResponse:
        """Exchange a refresh token for a new pair; the old one dies.

        Within 10 seconds it answers the same new pair again, for lost answers and for tabs that refresh at once. Used
        later, it ends the session: somebody else holds a copy.
        """
        return self.reply(signed_in_row(refresh_session(self.parse(RefreshIn).refresh)))


class LogoutView(DoorEndpoint):
    @operation("Sign out", body=LogoutIn, status=204, errors=(400, 401, 403))
    def post(self, request: Request) -> HttpResponse:
        """End the session that the header or the cookie belongs to, the one of `refresh`, or both."""
        wanted = self.parse(LogoutIn)
        if not wanted.refresh and not self.actor.is_signed_in:
            raise Unauthenticated
        if self.actor.is_signed_in:
            demand_personal(self.actor, Right.ACCOUNT_EDIT)
        if wanted.refresh:
            session = _session_of(wanted.refresh, or_none=self.actor.is_signed_in)
            if session:
                end_session(session, actor=session.user.as_actor(session.id))
        if self.actor.is_signed_in:
            end_session(Session(id=self.actor.session), actor=self.actor)
            leave_browser(request._request)  # noqa: SLF001 - the framework's documented way to the inner request
        return self.done()


def _session_of(refresh: str, *, or_none: bool) -> Session | None:
    try:
        return session_of_refresh(refresh)
    except Unauthenticated:
        if or_none:
            return None
        raise


class LogoutAllView(Endpoint):
    keyed: ClassVar[bool] = False

    @operation("Sign out everywhere", status=204, errors=(401, 403))
    def post(self, request: Request) -> HttpResponse:
        """End all your sessions, this one too. Personal tokens stay."""
        demand_personal(self.actor, Right.ACCOUNT_EDIT)
        end_all_sessions(self.actor.person, actor=self.actor)
        leave_browser(request._request)  # noqa: SLF001 - the framework's documented way to the inner request
        return self.done()


class VerifyView(Endpoint):
    @operation("Verify a token", reply=VerifiedRow, errors=(401,))
    def get(self, request: Request) -> HttpResponse:
        """Answer whom a good token belongs to, else 401."""
        return self.reply(VerifiedRow(user_row(access_account(self.actor, Right.ACCOUNT_READ))))


class ProfileView(Endpoint):
    @operation("Read your profile", reply=ProfileRow, is_shaped=True, errors=(401, 403))
    def get(self, request: Request) -> HttpResponse:
        """Answer your own account."""
        shape = shape_of(request.query_params, ProfileRow, ())
        return self.reply(profile_row(access_account(self.actor, Right.ACCOUNT_READ)), shape=shape)

    @operation("Change your profile", body=ProfileIn, reply=ProfileRow, errors=(400, 401, 403, 412))
    def patch(self, request: Request) -> HttpResponse:
        """Change the fields sent. The address and the role are not among them."""
        user = access_account(self.actor, Right.ACCOUNT_EDIT)
        wanted = self.parse(ProfileIn, current=lambda: profile_row(user))
        self.guard(
            user.version,
            lambda: profile_row(user),
            sent=set(request.data),
            touched=lambda version: fields_touched_since(user.id, version),
        )
        return self.reply(profile_row(update_profile(user.id, wanted, actor=self.actor)))

    @operation("Replace your profile", body=ProfileIn, reply=ProfileRow, errors=(400, 401, 403, 412))
    def put(self, request: Request) -> HttpResponse:
        """Write your account; fields that are absent keep their values."""
        return self.patch(request)


class ChangePasswordView(Endpoint):
    keyed: ClassVar[bool] = False
    in_transaction: ClassVar[bool] = False

    @operation("Change your password", body=ChangePasswordIn, status=204, errors=(400, 401, 403, 429))
    def post(self, request: Request) -> HttpResponse:
        """Replace your password; all your other sessions end."""
        demand_personal(self.actor, Right.ACCOUNT_EDIT)
        change_password(self.actor.person, self.parse(ChangePasswordIn), actor=self.actor)
        return self.done()


class JwksView(Endpoint):
    public: ClassVar[bool] = True

    @operation("Public keys of access tokens", reply=JwksRow)
    def get(self, request: Request) -> HttpResponse:
        """Answer the keys (RFC 7517) that access tokens can be checked with; none while a shared secret signs them."""
        return self.reply(JwksRow([JwkRow(**key) for key in jwks(signer())]))


def signed_in_row(opened: Opened) -> SignedInRow:
    """Show what a sign-in or a refresh gave."""
    access = None if opened.refresh is None else opened.access
    return SignedInRow(access, opened.refresh, access, int(access_lifetime().total_seconds()), user_row(opened.user))

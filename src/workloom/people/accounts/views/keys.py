"""The sessions and personal tokens of one's own account."""

from typing import ClassVar

from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Listing, Order
from workloom.people.accounts.access import access_session, access_token
from workloom.people.accounts.actions.sessions import end_session
from workloom.people.accounts.actions.tokens import create_token, revoke_token
from workloom.people.accounts.queries import sessions_of, tokens_of
from workloom.people.accounts.rows import (
    SESSIONS,
    TOKENS,
    NewTokenRow,
    SessionRow,
    TokenRow,
    new_token_row,
    session_row,
    token_row,
)
from workloom.people.accounts.serializers import TokenIn
from workloom.people.rights.rules import Right, demand_personal

SESSION_LIST = Listing(SESSIONS, orders={"created_at": Order("created_at"), "last_seen_at": Order("last_seen_at")})
TOKEN_LIST = Listing(TOKENS, orders={"created_at": Order("created_at"), "name": Order("name", str)})


class SessionsView(Endpoint):
    @operation("List your sessions", listing=SESSION_LIST, reply=SessionRow, errors=(400, 401, 403))
    def get(self, request: Request) -> HttpResponse:
        """Answer where you are signed in, with address, agent and when it was last seen (to the minute)."""
        demand_personal(self.actor, Right.ACCOUNT_READ)
        return self.page(SESSION_LIST, sessions_of(self.actor.person))


class SessionView(Endpoint):
    @operation("Read one of your sessions", reply=SessionRow, is_shaped=True, errors=(401, 403, 404))
    def get(self, request: Request, session: str) -> HttpResponse:
        """Answer one session."""
        found = access_session(self.actor, session, Right.ACCOUNT_READ)
        return self.reply(session_row(found, self.actor.session), shape=self.shape(SESSIONS))

    @operation("End one of your sessions", status=204, errors=(401, 403, 404))
    def delete(self, request: Request, session: str) -> HttpResponse:
        """End a session: its tokens are refused from the next request on."""
        end_session(access_session(self.actor, session, Right.ACCOUNT_EDIT), actor=self.actor)
        return self.done()


class TokensView(Endpoint):
    keyed: ClassVar[bool] = False

    @operation("List your personal tokens", listing=TOKEN_LIST, reply=TokenRow, errors=(400, 401, 403))
    def get(self, request: Request) -> HttpResponse:
        """Answer your tokens without their secrets; expired ones too, until you revoke them."""
        demand_personal(self.actor, Right.ACCOUNT_READ)
        return self.page(TOKEN_LIST, tokens_of(self.actor.person))

    @operation("Make a personal token", body=TokenIn, reply=NewTokenRow, status=201, errors=(400, 401, 403, 409))
    def post(self, request: Request) -> HttpResponse:
        """Make a token for scripts. Its secret is in this answer and never shown again."""
        demand_personal(self.actor, Right.ACCOUNT_EDIT)
        token, secret = create_token(self.parse(TokenIn), actor=self.actor)
        return self.reply(new_token_row(token, secret), status=201, location=reverse("token", args=[token.id]))


class TokenView(Endpoint):
    @operation("Read one of your personal tokens", reply=TokenRow, is_shaped=True, errors=(401, 403, 404))
    def get(self, request: Request, token: str) -> HttpResponse:
        """Answer one token without its secret."""
        return self.reply(token_row(access_token(self.actor, token, Right.ACCOUNT_READ)), shape=self.shape(TOKENS))

    @operation("Revoke one of your personal tokens", status=204, errors=(401, 403, 404))
    def delete(self, request: Request, token: str) -> HttpResponse:
        """End a token: it is refused from the next request on."""
        revoke_token(access_token(self.actor, token, Right.ACCOUNT_EDIT), actor=self.actor)
        return self.done()

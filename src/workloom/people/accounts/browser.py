"""The browser's session: the framework's cookie session carries the id of one of ours, which alone counts."""

import re
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from workloom.core.actor import Actor
from workloom.people.accounts.actions.sessions import Opened, end_session
from workloom.people.accounts.actions.uses import note_browser_session
from workloom.people.accounts.models import Session
from workloom.people.accounts.queries import live_browser_session
from workloom.people.accounts.rules.sessions import session_lifetime

KEY = "session"
_CACHE = "_workloom_browser_session"
_WITHOUT_COOKIES = re.compile(r"/api/v1/(?!auth/)")


class _ForBrowsers(MiddlewareMixin):
    """Leaves out requests that a token signs in: their answers hang on no cookie. Sign-in itself may open either."""

    def __call__(self, request: HttpRequest) -> Any:
        """Go on at once, or by way of what browsers need."""
        if request.META.get("HTTP_AUTHORIZATION") and _WITHOUT_COOKIES.match(request.path_info):
            return self.get_response(request)
        return super().__call__(request)


class CookieSessionMiddleware(_ForBrowsers, SessionMiddleware):
    """The framework's sessions."""


class PageMessageMiddleware(_ForBrowsers, MessageMiddleware):
    """The framework's messages on pages, which the admin site shows."""


class BrowserSessionMiddleware(_ForBrowsers, AuthenticationMiddleware):
    """Sets `request.user` by our own session row, so that ending it takes effect at once, in the admin site too."""

    def process_request(self, request: HttpRequest) -> None:
        """Look only when somebody asks: requests with tokens never do."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user_of(request))  # type: ignore[assignment] # the framework does the same


def _user_of(request: HttpRequest) -> object:
    session = session_of_browser(request)
    return session.user if session else AnonymousUser()


def session_of_browser(request: HttpRequest) -> Session | None:
    """Return the live session that a request's cookie stands for; its use prolongs both."""
    if hasattr(request, _CACHE):
        kept: Session | None = getattr(request, _CACHE)
        return kept
    sent = request.session.get(KEY) if hasattr(request, "session") else None
    session = live_browser_session(sent)
    setattr(request, _CACHE, session)
    if session and note_browser_session(session):
        request.session.set_expiry(session_lifetime())
    return session


def actor_of_cookie(cookie: str) -> Actor | None:
    """Find whom a cookie's value signs in where there is no request; it prolongs nothing. Sockets ask here."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(cookie)
    session = live_browser_session(store.get(KEY))
    return session.user.as_actor(session.id) if session else None


def enter_browser(request: HttpRequest, opened: Opened) -> None:
    """Let the cookie of this request's answer carry a session; the cookie's own key changes, against fixation."""
    leave_browser(request)
    request.session.cycle_key()
    keep_in_browser(request, opened.session)
    rotate_token(request)


def keep_in_browser(request: HttpRequest, session: Session) -> None:
    """Write a session's id where the cookie leads."""
    request.session[KEY] = str(session.id)
    request.session.set_expiry(session_lifetime())
    setattr(request, _CACHE, session)


def leave_browser(request: HttpRequest) -> None:
    """End what the cookie led to, and forget it."""
    session = session_of_browser(request)
    if session:
        end_session(session, actor=session.user.as_actor(session.id))
    if request.session.get(KEY):
        logout(request)
    setattr(request, _CACHE, None)

"""Writing down when a session or token was last used: coarse, and before and outside the request's own transaction."""

import logging
from collections.abc import Callable

from django.db import OperationalError

from workloom.core.clock import now
from workloom.people.accounts.models import PersonalToken, Session
from workloom.people.accounts.queries import LiveSession
from workloom.people.accounts.rules.sessions import is_seen_anew, session_lifetime

logger = logging.getLogger(__name__)


def note_session(session: LiveSession) -> None:
    """Note that a session with an access token is alive."""
    at = now()
    if is_seen_anew(session.last_seen_at, at):
        _note(lambda: Session.objects.filter(pk=session.id, last_seen_at__lt=at).update(last_seen_at=at))


def note_browser_session(session: Session) -> bool:
    """Note that a browser's session is alive, which prolongs it; True when the cookie must be prolonged too."""
    at = now()
    if not is_seen_anew(session.last_seen_at, at):
        return False
    session.last_seen_at, session.expires_at = at, at + session_lifetime()
    rows = Session.objects.filter(pk=session.pk, last_seen_at__lt=at, ended_at=None)
    _note(lambda: rows.update(last_seen_at=at, expires_at=session.expires_at))
    return True


def note_token(token: PersonalToken) -> None:
    """Note that a personal token is in use."""
    at = now()
    if is_seen_anew(token.last_used_at, at):
        _note(lambda: PersonalToken.objects.filter(pk=token.pk).update(last_used_at=at))


def _note(update: Callable[[], object]) -> None:
    try:
        update()
    except OperationalError:
        logger.warning("Could not write down when a credential was last used", exc_info=True)

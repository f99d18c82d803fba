"""What a web process does between two requests: look after its one connection to the database, and nothing else.

Django would, at each beginning and end, go through all connections and caches that may be set up, none of which but
this has anything to close, and forget queries that are only noted where somebody watches.
"""

from typing import Any

from django.conf import settings
from django.core.cache import close_caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries

from workloom.core.statements import own_connection


def look_after_connection() -> None:
    """Do so from now on; not while developing, where queries are noted."""
    if settings.DEBUG:
        return
    request_started.disconnect(reset_queries)
    request_finished.disconnect(close_caches)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
        signal.connect(_renew, sender=WSGIHandler)


def _renew(**_: Any) -> None:
    """Close a connection that is too old or that an error has left unusable; the next question opens another one."""
    own_connection().close_if_unusable_or_obsolete()

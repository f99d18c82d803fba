"""The feed: what was published behind a place, as far as the actor may see it."""

from typing import Any

from django.db.models import Q, QuerySet

from workloom.core.actor import Actor
from workloom.core.conditions import for_actor
from workloom.core.listing import Wanted
from workloom.core.prepared import prepared
from workloom.events.queries import LogRows, published_after
from workloom.outlets.history.queries.projection import FEED, with_audit
from workloom.outlets.history.queries.seen import audited, seen_events
from workloom.outlets.history.rows import Feed
from workloom.outlets.history.rules import WINDOW


def read_feed(actor: Actor, conditions: Q, *, after: int, last: int, size: int) -> Feed:
    """Read the next events; where there are none in the window, the feed goes on behind it."""
    end = min(after + WINDOW, last)
    condition = Q(for_actor(seen_events, actor), conditions)
    rows = FEED.projection.build(_lines(condition, for_actor(audited, actor), after, end, size=size), Wanted(actor))
    full = len(rows) == size
    return Feed(rows, next=(rows[-1].seq or after) if full else max(after, end))


@prepared
def _lines(condition: Q, audited: Q, after: int, end: int, *, size: int) -> QuerySet[Any, tuple[Any, ...]]:
    found: LogRows = with_audit(published_after(after).filter(condition, seq__lte=end), audited)
    return FEED.projection.prepared(found).values_list(*FEED.projection.columns)[:size]

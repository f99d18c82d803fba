"""The feed: what was published behind a place, as far as the actor may see it."""

from django.db.models import Q

from workloom.core.actor import Actor
from workloom.core.listing import Wanted
from workloom.events.queries import published_after
from workloom.outlets.history.queries.projection import FEED, with_audit
from workloom.outlets.history.queries.seen import seen_events
from workloom.outlets.history.rows import Feed
from workloom.outlets.history.rules import WINDOW


def read_feed(actor: Actor, conditions: Q, *, after: int, last: int, size: int) -> Feed:
    """Read the next events; where there are none in the window, the feed goes on behind it."""
    end = min(after + WINDOW, last)
    found = published_after(after).filter(seen_events(actor), conditions, seq__lte=end)
    rows = FEED.projection.rows(with_audit(found, actor)[:size], Wanted(actor))
    full = len(rows) == size
    return Feed(rows, next=(rows[-1].seq or after) if full else max(after, end))

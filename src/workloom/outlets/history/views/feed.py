"""The feed, and what happened to one task."""

from django.db.models import Q
from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.errors import Invalid
from workloom.core.http import params
from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.paging import DEFAULT_SIZE, LARGEST_SIZE
from workloom.events.queries import kept_range, log_rows
from workloom.events.rows import EventRow
from workloom.outlets.history.queries.feed import read_feed
from workloom.outlets.history.queries.projection import ACTIVITY, FEED, with_audit
from workloom.outlets.history.queries.seen import audited, seen_on_task
from workloom.outlets.history.rows import Feed
from workloom.outlets.history.rules import read_after
from workloom.people.rights.rules import Right
from workloom.work.tasks.access import access_task

_PARAMETERS = {
    "after": "Where to go on: the `next` of an earlier answer; 0 for the beginning, `latest` for what comes from now on.",
    "page_size": f"How many events at most: 1 to {LARGEST_SIZE}, {DEFAULT_SIZE} unless said.",
    "limit": "Another name for page_size.",
    **{name: FEED.filters[name.removesuffix("!")].help for name in FEED.filter_names},
}


class EventFeed(Endpoint):
    """The log in the order of its numbers."""

    asks_along = True

    @operation("Read the feed of events", reply=Feed, parameters=_PARAMETERS, errors=(410,))
    def get(self, request: Request) -> HttpResponse:
        """Go on from `next` until it stays the same; what others may see leaves holes, so never count.

        An answer without events whose `next` has moved is not the end. 410 with the code resync: read the lists anew.
        """
        sent = request.query_params
        kept_from, last = kept_range()
        after = read_after(params.text_of(sent, "after"), kept_from=kept_from, last=last)
        conditions = params.conditions_of(sent, FEED, self.actor)
        return self.reply(read_feed(self.actor, conditions, after=after, last=last, size=self._size()))

    def _size(self) -> int:
        sizes = {params.number_of(self.request.query_params, name, LARGEST_SIZE) for name in ("page_size", "limit")}
        sizes.discard(None)
        if len(sizes) > 1:
            raise Invalid("limit", "contradiction", "limit and page_size name the same thing. Send one of them.")
        return sizes.pop() or DEFAULT_SIZE if sizes else DEFAULT_SIZE


class TaskActivity(Endpoint):
    """What happened to a task."""

    asks_along = True

    @operation("List a task's activity", listing=ACTIVITY, reply=EventRow, errors=(404, 409))
    def get(self, request: Request, task: str) -> HttpResponse:
        """Everything that happened to it and to what hangs on it, the newest first; complete at once, numbered or not."""
        found = access_task(self.actor, task, Right.TASK_READ_OWN)
        events = log_rows().filter(seen_on_task(self.actor), Q(subject_id=found.pk) | Q(object_id=found.pk))
        return self.page(ACTIVITY, with_audit(events, audited(self.actor)))

"""Forgetting old events, where an installation says how long they are kept."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Min

from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.events.models import Consumer, Head, LogRow

BATCH = 5000


def prune_old_events() -> int:
    """Delete events older than EVENTS_KEEP_DAYS, a batch at a time; a regular duty. 0 days keeps them for ever."""
    total = 0
    while settings.EVENTS_KEEP_DAYS and (deleted := _prune_batch(settings.EVENTS_KEEP_DAYS)):
        total += deleted
    return total


@write
def _prune_batch(days: int) -> int:
    """Delete a beginning of the log that every consumer has read; other readers behind it are told to read anew."""
    head = lock(Head.objects.filter(pk=1)).first()
    if head is None:
        return 0
    young = LogRow.objects.filter(occurred_at__gte=now() - timedelta(days=days), seq__isnull=False)
    first_young = young.aggregate(first=Min("seq"))["first"] or head.seq + 1
    read = Consumer.objects.filter(name__in=settings.CONSUMERS).aggregate(slowest=Min("seq"))["slowest"]
    last = min(first_young - 1, head.kept_from + BATCH, head.seq if read is None else read)
    if last <= head.kept_from:
        return 0
    deleted, _ = LogRow.objects.filter(seq__gt=head.kept_from, seq__lte=last).delete()
    head.kept_from = last
    head.save(update_fields=["kept_from"])
    return deleted

"""Deliveries are kept for 30 days."""

from typing import Final

from workloom.core.clock import now
from workloom.core.db import run_write
from workloom.outlets.webhooks.models import Attempt, Delivery
from workloom.outlets.webhooks.rules import KEPT_FOR

_BATCH: Final = 1000


def forget_old_deliveries() -> int:
    """Delete deliveries that ended 30 days ago, with their attempts, a batch at a time; a regular duty."""
    total = 0
    while deleted := run_write(_forget_batch):
        total += deleted
    return total


def _forget_batch() -> int:
    old = Delivery.objects.filter(finished_at__lt=now() - KEPT_FOR)
    keys = list(old.order_by("finished_at").values_list("pk", flat=True)[:_BATCH])
    Attempt.objects.filter(delivery__in=keys).delete()
    Delivery.objects.filter(pk__in=keys).delete()
    return len(keys)

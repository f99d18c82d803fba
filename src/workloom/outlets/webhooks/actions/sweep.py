"""Deliveries are kept for 30 days."""

from typing import Final

from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import run_write
from workloom.outlets.webhooks.models import Attempt, Delivery, Webhook
from workloom.outlets.webhooks.rules import KEPT_FOR
from workloom.work.projects.models import Project

_BATCH: Final = 1000


def forget_old_deliveries() -> int:
    """Delete deliveries that ended 30 days ago, with their attempts, a batch at a time; a regular duty."""
    total = 0
    while deleted := run_write(_forget_batch):
        total += deleted
    return total


def forget_all(hooks: QuerySet[Webhook]) -> None:
    """Delete everything that webhooks delivered, in the present transaction, without ever holding all of it in memory."""
    while _forget(Delivery.objects.filter(webhook__in=hooks).order_by("pk")):
        pass


def drop_project(project: Project, *, actor: Actor) -> None:
    """Delete the webhooks of a project that goes for good."""
    hooks = Webhook.objects.filter(project=project)
    forget_all(hooks)
    hooks.delete()


def _forget_batch() -> int:
    return _forget(Delivery.objects.filter(finished_at__lt=now() - KEPT_FOR).order_by("finished_at"))


def _forget(rows: QuerySet[Delivery]) -> int:
    keys = list(rows.values_list("pk", flat=True)[:_BATCH])
    Attempt.objects.filter(delivery__in=keys).delete()
    Delivery.objects.filter(pk__in=keys).delete()
    return len(keys)

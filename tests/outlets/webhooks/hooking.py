"""Webhooks for tests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.cast import Cast
from tests.draining import drain
from tests.outlets.webhooks.receiving import Receiver
from workloom.core.clock import frozen
from workloom.outlets.webhooks.actions import create_webhook
from workloom.outlets.webhooks.models import Attempt, Delivery, Webhook
from workloom.outlets.webhooks.rules import NewHook
from workloom.people.accounts.models import User


@dataclass(frozen=True)
class Hook:
    id: UUID
    secret: str

    @property
    def path(self) -> str:
        return f"/api/v1/webhooks/{self.id}/"

    @property
    def row(self) -> Webhook:
        return Webhook.objects.get(pk=self.id)

    def deliveries(self, **conditions: Any) -> list[Delivery]:
        return list(Delivery.objects.filter(webhook=self.id, **conditions).order_by("seq", "pk"))

    def states(self) -> list[tuple[str, str]]:
        return [(one.type, one.state) for one in self.deliveries()]

    def attempts(self) -> list[tuple[int, int | None, str]]:
        rows = Attempt.objects.filter(delivery__webhook=self.id).order_by("id")
        return list(rows.values_list("number", "status", "error"))


def make_hook(
    cast: Cast,
    receiver: Receiver,
    *events: str,
    by: User | None = None,
    of_workspace: bool = False,
    is_active: bool = True,
) -> Hook:
    """A webhook of the cast's project (by its admin) or workspace (by its owner), after what was recorded so far."""
    owner = by or (cast.owner if of_workspace else cast.admin)
    place = (cast.workspace.pk, None if of_workspace else cast.project.pk)
    wanted = NewHook(receiver.url, events or ("task.*", "comment.*"), is_active)
    hook, secret = create_webhook(place, wanted, actor=owner.as_actor())
    return Hook(hook.pk, secret)


def drain_at(at: datetime) -> None:
    """Do everything that is due at an instant."""
    with frozen(at):
        drain()

"""The doors to webhooks."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.core.outgoing import Failed, configured
from workloom.core.wanted import sent_fields
from workloom.events.queries import fields_touched_since
from workloom.outlets.webhooks.access import access_place, access_webhook
from workloom.outlets.webhooks.actions import change_webhook, create_webhook, delete_webhook, rotate_secret
from workloom.outlets.webhooks.models import Webhook
from workloom.outlets.webhooks.queries import HOOK_LIST, HOOKS, visible_webhooks
from workloom.outlets.webhooks.rows import WebhookRow
from workloom.outlets.webhooks.serializers import EditWebhookIn, NewWebhookIn


class Hooks(Endpoint):
    """What the doors to webhooks do alike."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look up where a target leads before the transaction begins: the DNS takes its time."""
        super().initial(request, *args, **kwargs)
        sent = request.data if request.method in {"POST", "PUT", "PATCH"} else None
        url = sent.get("url") if isinstance(sent, Mapping) else None
        if isinstance(url, str):
            # A name that leads nowhere yet may be there when something is sent, and is judged again then.
            with suppress(Failed):
                configured().look_up(url.strip())

    def row(self, hook: Webhook) -> WebhookRow:
        """Return a webhook as it is shown."""
        return HOOKS.one(Webhook.objects.filter(pk=hook.pk), Wanted(self.actor))

    def tell(self, hook: Webhook, secret: str, *, status: int = 200, location: str = "") -> HttpResponse:
        """Answer a webhook with its new secret, this once."""
        return self.reply(msgspec.structs.replace(self.row(hook), secret=secret), status=status, location=location)


class WebhookList(Hooks):
    """Webhooks of all projects and workspaces that one administers."""

    @operation("List webhooks", listing=HOOK_LIST, reply=WebhookRow)
    def get(self, request: Request) -> HttpResponse:
        """Webhooks of the projects and workspaces that you administer, in pages, without their secrets."""
        return self.page(HOOK_LIST, visible_webhooks(self.actor))

    @operation("Create a webhook", body=NewWebhookIn, reply=WebhookRow, status=201, errors=(403, 409))
    def post(self, request: Request) -> HttpResponse:
        """Sends each event of the project, or of the workspace and all its projects, to `url` as a signed POST.

        `events` takes types such as `task.created`, all of a kind such as `task.*`, or `*`. The `secret` is in this
        answer only. Messages follow Standard Webhooks; the page on webhooks says how to check and read them.
        """
        wanted = self.parse(NewWebhookIn)
        place = access_place(self.actor, wanted)
        hook, secret = create_webhook(place, wanted, actor=self.actor)
        return self.tell(hook, secret, status=201, location=f"{request.path}{hook.pk}/")


class WebhookItem(Hooks):
    """One webhook."""

    @operation("Get a webhook", shows=HOOKS, errors=(404,))
    def get(self, request: Request, webhook_id: UUID) -> HttpResponse:
        """Seen by who administers its project or workspace."""
        hook = access_webhook(self.actor, webhook_id)
        return self.show(HOOKS, hook)

    @operation("Change a webhook", body=EditWebhookIn, shows=HOOKS, errors=(404, 409, 412))
    def patch(self, request: Request, webhook_id: UUID) -> HttpResponse:
        """Changes what is sent; you answer for the webhook from then on.

        `is_active: false` gives up what is queued; `true` begins anew, with what happens from then on.
        """
        return self._change(webhook_id)

    @operation("Replace a webhook", body=EditWebhookIn, shows=HOOKS, errors=(404, 409, 412))
    def put(self, request: Request, webhook_id: UUID) -> HttpResponse:
        """As PATCH, but `url` must be sent."""
        return self._change(webhook_id)

    @operation("Delete a webhook", status=204, errors=(404, 412))
    def delete(self, request: Request, webhook_id: UUID) -> HttpResponse:
        """Its deliveries go with it."""
        hook = access_webhook(self.actor, webhook_id, lock=True)
        self.guard(hook.version, lambda: self.row(hook))
        delete_webhook(hook, actor=self.actor)
        return self.done()

    def _change(self, webhook_id: UUID) -> HttpResponse:
        hook = access_webhook(self.actor, webhook_id, lock=True)
        wish = self.parse(EditWebhookIn, current=lambda: self.row(hook))
        touched = sent_fields(wish)
        self.guard(
            hook.version, lambda: self.row(hook), sent=touched, touched=lambda at: fields_touched_since(hook.pk, at)
        )
        change_webhook(hook, wish, actor=self.actor)
        return self.show(HOOKS, hook)


class WebhookSecret(Hooks):
    """The secret of one webhook."""

    @operation("Rotate a webhook's secret", reply=WebhookRow, errors=(404,))
    def post(self, request: Request, webhook_id: UUID) -> HttpResponse:
        """Answers a new `secret`, this once. For 24 hours messages carry a signature by the old one too."""
        hook = access_webhook(self.actor, webhook_id, lock=True)
        return self.tell(hook, rotate_secret(hook, actor=self.actor))

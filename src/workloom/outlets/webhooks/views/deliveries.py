"""The doors to what webhooks sent, and to sending again."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.outlets.webhooks.access import access_delivery, access_webhook
from workloom.outlets.webhooks.actions import ping_webhook, redeliver, redeliver_many
from workloom.outlets.webhooks.models import Delivery
from workloom.outlets.webhooks.queries import DELIVERIES, DELIVERY, DELIVERY_LIST
from workloom.outlets.webhooks.rows import AgainRow, DeliveryRow
from workloom.outlets.webhooks.serializers import AgainIn


class DeliveryList(Endpoint):
    """What one webhook had to deliver."""

    @operation("List a webhook's deliveries", listing=DELIVERY_LIST, reply=DeliveryRow, errors=(404,))
    def get(self, request: Request, webhook_id: UUID) -> HttpResponse:
        """Deliveries of the last 30 days, in pages; those that wait too."""
        hook = access_webhook(self.actor, webhook_id)
        return self.page(DELIVERY_LIST, Delivery.objects.filter(webhook=hook))


class DeliveryItem(Endpoint):
    """One delivery."""

    @operation("Get a delivery", shows=DELIVERY, errors=(404,))
    def get(self, request: Request, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
        """With its body, and for each attempt the request's headers and the answer: status, headers, first 4 KiB."""
        delivery = access_delivery(self.actor, webhook_id, delivery_id)
        return self.show(DELIVERY, delivery)


class RedeliverOne(Endpoint):
    """One delivery, once more."""

    @operation("Redeliver one", shows=DELIVERIES, status=202, errors=(404, 409))
    def post(self, request: Request, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
        """Sends it again under the same `webhook-id`, with a day for attempts; one that waits is tried now."""
        delivery = access_delivery(self.actor, webhook_id, delivery_id, lock=True)
        redeliver(delivery)
        return self.show(DELIVERIES, delivery, status=202)


class RedeliverMany(Endpoint):
    """Many deliveries, once more."""

    @operation("Redeliver a range", body=AgainIn, reply=AgainRow, status=202, errors=(404, 409))
    def post(self, request: Request, webhook_id: UUID) -> HttpResponse:
        """Sends deliveries again, the oldest first, up to 1,000 in one call; `has_more` says that there are others.

        The range is that of event numbers (`after_seq`, `until_seq`) or of time (`after`, `before`). Failed ones only,
        unless `state` says `delivered` or `any`.
        """
        hook = access_webhook(self.actor, webhook_id, lock=True)
        done = redeliver_many(hook, self.parse(AgainIn))
        return self.reply(AgainRow(done.count, done.last_seq, done.has_more), status=202)


class WebhookPing(Endpoint):
    """A message that says no more than that it works."""

    @operation("Ping a webhook", shows=DELIVERIES, status=202, errors=(404,))
    def post(self, request: Request, webhook_id: UUID) -> HttpResponse:
        """Sends a `webhook.ping`, once, also while the webhook is switched off; read the delivery to see the answer."""
        hook = access_webhook(self.actor, webhook_id, lock=True)
        ping = ping_webhook(hook)
        location = f"{request.path.removesuffix('ping/')}deliveries/{ping.pk}/"
        return self.show(DELIVERIES, ping, status=202, location=location)

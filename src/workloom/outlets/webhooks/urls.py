"""Webhooks under /api/v1/."""

from django.urls import path

from workloom.outlets.webhooks.views.deliveries import (
    DeliveryItem,
    DeliveryList,
    RedeliverMany,
    RedeliverOne,
    WebhookPing,
)
from workloom.outlets.webhooks.views.hooks import WebhookItem, WebhookList, WebhookSecret

_ONE = "webhooks/<uuid:webhook_id>/"
urlpatterns = [
    path("webhooks/", WebhookList.as_view()),
    path(_ONE, WebhookItem.as_view()),
    path(f"{_ONE}rotate-secret/", WebhookSecret.as_view()),
    path(f"{_ONE}ping/", WebhookPing.as_view()),
    path(f"{_ONE}redeliver/", RedeliverMany.as_view()),
    path(f"{_ONE}deliveries/", DeliveryList.as_view()),
    path(f"{_ONE}deliveries/<uuid:delivery_id>/", DeliveryItem.as_view()),
    path(f"{_ONE}deliveries/<uuid:delivery_id>/redeliver/", RedeliverOne.as_view()),
]

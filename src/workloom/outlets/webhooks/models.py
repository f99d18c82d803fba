"""Webhooks, what they have to deliver, and each attempt at it."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from workloom.core.ids import uuid7
from workloom.work.projects.models import Project
from workloom.work.workspaces.models import Workspace


class Webhook(models.Model):
    """Where to send what; its row is the lock for its deliveries. Both secrets are sealed.

    `owner` answers for it: it sends as long as they may have it. `failing_since` is the first failure after the last
    success; `hangs` counts answers in a row that did not come in time, after some of which it rests.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=2048)
    events = models.JSONField()
    is_active = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=20, default="")
    disabled_at = models.DateTimeField(null=True)
    secret = models.TextField()
    previous_secret = models.TextField(default="")
    previous_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    hangs = models.PositiveSmallIntegerField(default=0)
    resting_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created_at", "id"], name="webhook_by_time")]

    def __str__(self) -> str:
        return f"webhook {self.pk}"


class DeliveryState(models.TextChoices):
    """A queued one waits for its turn, is on its way, or waits for its next attempt."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(models.Model):
    """One event for one webhook; what is sent is read from the log each time, so that what is erased there is not sent.

    `attempts` counts all; `round_from` is how many there were when it was asked for again, `first_at` when the first of
    this round was. A ping has seq 0 and no event: `event_id` and `object_id` are its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField()
    seq = models.BigIntegerField()
    type = models.CharField(max_length=60)
    object_id = models.UUIDField()
    subject_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    round_from = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    sending_until = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=40, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["webhook", "event_id"], name="delivered_once")]
        indexes: ClassVar = [
            models.Index(fields=["webhook", "state", "seq"], name="delivery_in_turn"),
            models.Index(fields=["webhook", "created_at", "id"], name="delivery_by_time"),
            models.Index(fields=["state", "next_at"], name="delivery_due"),
            models.Index(fields=["finished_at"], name="delivery_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.type} to {self.webhook_id}"


class Attempt(models.Model):
    """One request and what came back; written before it is sent, so that one which a crash cut off is there too."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    number = models.PositiveIntegerField()
    url = models.CharField(max_length=2048)
    request_headers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=list)
    body = models.TextField(default="")
    is_cut = models.BooleanField(default=False)
    error = models.CharField(max_length=40, default="")
    detail = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["delivery", "number"], name="attempted_once")]

    def __str__(self) -> str:
        return f"attempt {self.number} at {self.delivery_id}"

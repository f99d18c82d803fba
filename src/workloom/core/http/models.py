"""Answers kept for Idempotency-Key."""

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """One key of one caller: claimed while `status` is null, answered afterwards."""

    id = models.BigAutoField(primary_key=True)
    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    claim = models.UUIDField()
    claimed_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caller", "key"], name="answer_once_per_caller_and_key")
        ]

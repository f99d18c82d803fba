"""The ledger of mails: one row for each, from the wish to the server's last word."""

from typing import ClassVar

from django.db import models


class MailState(models.TextChoices):
    """Where a mail stands; dropped ones were no longer wanted or allowed when their time came."""

    QUEUED = "queued"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    DROPPED = "dropped"


WAITING = (MailState.QUEUED, MailState.DEFERRED)


class Mail(models.Model):
    """One mail. A person's address is looked up when it is sent, and kept here until it is erased with the person.

    `args` hold ids and choices, never secrets or texts: the letter is written when it is sent.
    """

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    person_id = models.UUIDField(null=True, db_index=True)
    address = models.CharField(max_length=254, default="")
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    server_words = models.CharField(max_length=1000, default="")
    message_id = models.CharField(max_length=320, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "next_at"], name="mail_due")]

    def __str__(self) -> str:
        return f"{self.kind} mail {self.id}: {self.state}"

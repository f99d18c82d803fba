"""Imports, and the ledger of what came from where."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from workloom.core.ids import uuid7
from workloom.work.projects.models import Project


class ImportStatus(models.TextChoices):
    """A failed one wrote nothing, or says in its receipt how far it came."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Import(models.Model):
    """One file on its way into one project; the file itself is kept until the import is over.

    `scopes` are those of the personal token that asked, null for a person: the import may do no more than it could.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="imports")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scopes = models.JSONField(null=True)
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=8, choices=ImportStatus.choices, default=ImportStatus.QUEUED)
    is_dry_run = models.BooleanField(default=False)
    file_name = models.CharField(max_length=255)
    file_size = models.PositiveBigIntegerField()
    file_hash = models.CharField(max_length=64)
    stored_as = models.UUIDField()
    mapping = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    report = models.JSONField(null=True)
    receipt = models.JSONField(null=True)
    error = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["project", "created_at", "id"], name="import_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class Noun(models.TextChoices):
    """What an entry of the ledger stands for."""

    TASK = "task"
    COMMENT = "comment"
    PERSON = "person"
    BOARD = "board"


class LedgerEntry(models.Model):
    """What a thing of the source became here, so that a second import knows it again; `made_by` brought it in."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    noun = models.CharField(max_length=8, choices=Noun.choices)
    source_id = models.CharField(max_length=200)
    target = models.UUIDField()
    is_new = models.BooleanField(default=True)
    made_by = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="entries")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "kind", "noun", "source_id"], name="imported_once")
        ]
        indexes: ClassVar = [models.Index(fields=["project", "noun", "target"], name="ledger_by_target")]

    def __str__(self) -> str:
        return f"{self.noun} {self.source_id}"

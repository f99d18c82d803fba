"""The log's tables. Only this room touches them."""

from typing import ClassVar

from django.db import models


class LogRow(models.Model):
    """One change. Rows are only ever added; publication fills `seq` and `hash`, erasure empties `private`."""

    n = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    seq = models.BigIntegerField(null=True, unique=True)
    type = models.CharField(max_length=60)
    occurred_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=12)
    workspace_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    audience = models.CharField(max_length=12)
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    object_key = models.CharField(max_length=40, default="")
    object_version = models.PositiveIntegerField(default=0)
    changes = models.JSONField(default=dict)
    via = models.CharField(max_length=12)
    request_id = models.CharField(max_length=128, default="")
    private = models.JSONField(null=True)
    salt = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["object_id", "n"], name="log_by_object"),
            models.Index(fields=["subject_id", "n"], name="log_by_subject"),
            models.Index(fields=["project_id", "seq"], name="log_by_project"),
            models.Index(fields=["actor_id", "n"], name="log_by_actor"),
            models.Index(fields=["occurred_at"], name="log_by_time"),
        ]


class Head(models.Model):
    """The last number given and the last link of the hash chain: one row, whose lock is the publisher's."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
    kept_from = models.BigIntegerField(default=0)


class JobState(models.TextChoices):
    """Where a job stands; failed ones are listed until somebody retries or removes them."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


class Lane(models.TextChoices):
    """What may hold up what: each lane has workers of its own, so receivers that hang keep back neither mail nor the rest."""

    QUICK = "quick"
    MAIL = "mail"
    HOOKS = "hooks"


class Job(models.Model):
    """The queue of record: a row is written in the transaction that wants the work done."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=60)
    lane = models.CharField(max_length=8, choices=Lane.choices, default=Lane.QUICK)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    dedupe_key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - NULL is what lets finished jobs share the column
    error = models.TextField(default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "lane", "run_at", "id"], name="job_due")]


class Tick(models.Model):
    """When a regular duty is next due; whoever moves `due_at` on carries it out."""

    name = models.CharField(primary_key=True, max_length=60)
    due_at = models.DateTimeField()


class Consumer(models.Model):
    """How far one reader of the log has come; while it stumbles, at which event, how often and why."""

    name = models.CharField(primary_key=True, max_length=60)
    seq = models.BigIntegerField()
    moved_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(default="")


class WorkerLife(models.Model):
    """A process that works the queue: since when, and when it last showed that it is there."""

    name = models.CharField(primary_key=True, max_length=120)
    kind = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

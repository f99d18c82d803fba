"""The tables of the ground floor: the search index and the counters of limits."""

from django.db import models


class SearchRow(models.Model):
    """One object in the search index; `title`, `body` and `tokens` as `core.search` writes them.

    `body` has the title's words too, so that terms may be found in either. The engines' own indexes over these columns
    are made in the migration; on SQLite they point at `id`, which therefore has to stay a plain integer.
    """

    id = models.BigAutoField(primary_key=True)
    object_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=16)
    scope = models.UUIDField(db_index=True)
    subject = models.UUIDField(db_index=True)
    code = models.CharField(max_length=64, default="")
    is_open = models.BooleanField(default=True)
    title = models.TextField()
    body = models.TextField()
    tokens = models.TextField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class LimitCount(models.Model):
    """How often something was done under one name since its window began; gone with the window."""

    bucket = models.CharField(max_length=160, primary_key=True)
    count = models.BigIntegerField()
    ends_at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"

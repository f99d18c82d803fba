"""What the API shows of webhooks and their deliveries."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec


class WebhookRow(msgspec.Struct, frozen=True):
    """A webhook; `secret` is there only in the answer that made it, `project` is null for a whole workspace.

    `owner` answers for it: who last changed it. `disabled_reason` says why it was switched off by itself: failing, gone
    or owner_left. `failing_since` is the first failure after the last success.
    """

    id: UUID
    workspace: UUID
    project: UUID | None
    url: str
    events: Annotated[list[str], msgspec.Meta(examples=[["task.*", "comment.created"]])]
    is_active: bool
    disabled_reason: str
    disabled_at: datetime | None
    failing_since: datetime | None
    owner: UUID
    old_secret_until: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    secret: str | msgspec.UnsetType = msgspec.UNSET


class DeliveryRow(msgspec.Struct, frozen=True):
    """One event for one webhook; a ping has no event and no seq. `id` is the message's `webhook-id`.

    `status` and `error` are those of the last attempt; `next_attempt_at` is when a queued one is tried (again).
    """

    id: UUID
    webhook: UUID
    event: UUID | None
    seq: int | None
    type: str
    object: UUID | None
    state: Annotated[str, msgspec.Meta(description="queued, delivered or failed", examples=["delivered"])]
    attempts_count: int
    status: int | None
    error: str
    created_at: datetime
    first_attempt_at: datetime | None
    next_attempt_at: datetime | None
    finished_at: datetime | None


class AttemptRow(msgspec.Struct, frozen=True):
    """One request: when, with which headers, and the answer's status, headers and the first 4 KiB of its body.

    Without an answer `status` is null, and `error` with `detail` say why. `is_cut` marks a body that was longer.
    """

    number: int
    started_at: datetime
    duration_ms: int | None
    url: str
    request_headers: dict[str, str]
    status: int | None
    headers: list[list[str]]
    body: str
    is_cut: bool
    error: str
    detail: str


class DeliveryDetailRow(DeliveryRow, frozen=True):
    """A delivery with the body that it sends, null once the log has forgotten the event, and each attempt."""

    body: str | None = None
    attempts: list[AttemptRow] = []


class AgainRow(msgspec.Struct, frozen=True):
    """How many deliveries were queued again, the number of the last event among them, and whether there are more."""

    queued: int
    last_seq: int | None
    has_more: bool

"""Reading the ledger."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min

from workloom.core.mail.models import WAITING, Mail, MailState


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one mail stands, with the server's last words."""

    state: str
    attempts: int
    server_words: str
    next_at: datetime
    message_id: str


def counts() -> dict[str, int]:
    """Return how many mails of the ledger are in each state; states without one have 0."""
    found = dict(Mail.objects.order_by().values_list("state").annotate(Count("id")))
    return {state: found.get(state, 0) for state in MailState.values}


def oldest_waiting() -> datetime | None:
    """Return when the mail that has waited longest was wished for; None when all are settled."""
    found: datetime | None = Mail.objects.filter(state__in=WAITING).aggregate(at=Min("created_at"))["at"]
    return found


def standing_of(mail_id: UUID) -> Standing | None:
    """Return where a mail stands; None for one that the ledger does not have."""
    found = Mail.objects.filter(pk=mail_id).values_list("state", "attempts", "server_words", "next_at", "message_id")
    return next((Standing(*values) for values in found), None)

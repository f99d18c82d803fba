"""Sending, in the background."""

import random
import time
from typing import Final
from uuid import UUID

from workloom.core.errors import Invalid
from workloom.core.outgoing import Answer, Failed, TimedOut, configured
from workloom.events.jobs import job
from workloom.outlets.webhooks.actions import SEND, Message, Outcome, claim_next, settle, wake
from workloom.outlets.webhooks.rules import SHOWN_BYTES, shown_body, shown_headers

ANSWER_WITHIN_S = 10.0
_BUDGET_S: Final = 2.0
"""After this one job makes room for those of other webhooks."""


@job(SEND, lease_s=60, lane="hooks")
def send_deliveries(webhook: str) -> None:
    """Send what a webhook has to send, one after the other; after a while the next job goes on."""
    until = time.monotonic() + _BUDGET_S
    while message := claim_next(UUID(webhook)):
        settle(message, _send(message), chance=random.random())  # noqa: S311 - a pause, not a secret
        if time.monotonic() > until:
            wake(webhook)
            return


def _send(message: Message) -> Outcome:
    """Send one message; whatever comes back is an outcome, and only a fault of ours is raised."""
    began = time.monotonic()
    try:
        answer = configured().send(
            "POST", message.url, headers=message.headers, content=message.body, timeout_s=ANSWER_WITHIN_S
        )
    except Invalid as refusal:
        first = refusal.errors[0]
        return Outcome(None, _ms_since(began), error=first.code, detail=first.detail)
    except Failed as failure:
        has_hung = isinstance(failure, TimedOut)
        return Outcome(None, _ms_since(began), error=failure.code, detail=failure.detail, has_hung=has_hung)
    return _outcome(answer)


def _outcome(answer: Answer) -> Outcome:
    return Outcome(
        answer.status,
        answer.duration_ms,
        headers=shown_headers(answer.headers),
        body=shown_body(answer.body_start),
        is_cut=answer.is_cut or len(answer.body_start) > SHOWN_BYTES,
        error="" if 200 <= answer.status < 300 else "status",
    )


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)

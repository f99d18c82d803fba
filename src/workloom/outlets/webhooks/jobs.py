"""Sending, in the background."""

import random
import time
from typing import Any, Final
from uuid import UUID

from workloom.core.errors import Invalid
from workloom.core.mail.layout import Content, Section, letter_from
from workloom.core.mail.letters import Letter, letter
from workloom.core.mail.links import absolute
from workloom.core.outgoing import Answer, Failed, TimedOut, configured
from workloom.events.jobs import job
from workloom.outlets.webhooks.actions import LETTER, SEND, Message, Outcome, claim_next, settle, wake
from workloom.outlets.webhooks.queries import told_of
from workloom.outlets.webhooks.rules import SHOWN_BYTES, host_of, notice_in, shown_body, shown_headers

ANSWER_WITHIN_S = 10.0
_BUDGET_S: Final = 2.0
"""After this one job makes room for those of other webhooks."""


@job(SEND, lease_s=60, lane="hooks")
def send_deliveries(webhook: str) -> None:
    """Send what a webhook has to send, one after the other; after a while the next job goes on."""
    until = time.monotonic() + _BUDGET_S
    goes_on = False
    while message := claim_next(UUID(webhook), goes_on=goes_on):
        settle(message, _send(message), chance=random.random())  # noqa: S311 - a pause, not a secret
        goes_on = True
        if time.monotonic() > until:
            wake(webhook)
            return


@letter(LETTER)
def write_disabled(person_id: UUID, args: dict[str, Any]) -> Letter | None:
    """Write to an admin that a webhook was switched off; None when it is on again, gone, or no longer theirs to see."""
    found = told_of(person_id, UUID(args["webhook"]))
    if found is None:
        return None
    user, hook = found
    words, place = notice_in(user.locale), hook.project.name if hook.project else hook.workspace.name
    facts = [(words.place, place), (words.target, host_of(hook.url))]
    remedy = words.remedy.format(path=absolute(f"/api/v1/webhooks/{hook.pk}/deliveries/"))
    sections = [Section(lead=words.leads[hook.disabled_reason], facts=facts), Section(lead=remedy)]
    content = Content(
        subject=words.subject.format(place=place), sections=sections, footer=words.footer.format(place=place)
    )
    return letter_from(content, locale=user.locale)


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

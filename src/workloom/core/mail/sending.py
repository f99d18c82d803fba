"""One attempt for one mail, and further ones for what waits beside it.

Exactly once in the ledger, and to the mail server at least once. A mail is claimed by a lease before anybody talks to
the server, and settled right after its answer. One window cannot be closed: a worker that dies between the server's
"250 taken" and the row (or a connection that is lost at just that moment) leaves a mail that the server has and the
ledger does not know of. After the lease it is sent again, with the same Message-ID, by which most mailboxes keep one.
"""

import random
import time
from dataclasses import replace
from typing import Final
from uuid import UUID

from workloom.core.mail.actions import claim_fresh_mail, claim_mail, note_address, settle_mail
from workloom.core.mail.letters import Letter, Recipient, recipient_of, write_letter
from workloom.core.mail.message import message_of, wire_address
from workloom.core.mail.models import Mail
from workloom.core.mail.outbox import Outbox, open_outbox
from workloom.core.mail.verdicts import Answer, Verdict

_RUN_S: Final = 60
"""How long a run takes on further mails; with the slowest last one it stays within the job's lease."""


def send_mails(mail_id: UUID) -> int:
    """Send a mail if it is due, and over the same connection whatever else waits for its first attempt; tell how many.

    Those have jobs of their own, which will find them settled. What failed before waits for its own.
    """
    row, tried, began = claim_mail(mail_id), 0, time.monotonic()
    with open_outbox() as outbox:
        while row is not None:
            goes_on = _attempt(row, outbox)
            tried += 1
            row = claim_fresh_mail() if goes_on and time.monotonic() - began < _RUN_S else None
    return tried


def _attempt(row: Mail, outbox: Outbox) -> bool:
    """Try one mail, write what became of it, and tell whether the connection still serves."""
    verdict = _verdict(row, outbox)
    settle_mail(row, verdict, chance=random.random())  # noqa: S311 - a pause, not a secret
    return not verdict.is_over


def _verdict(row: Mail, outbox: Outbox) -> Verdict:
    recipient = recipient_of(row.person_id) if row.person_id else Recipient(address=row.address)
    if recipient is None:
        return Verdict(Answer.UNWANTED, "Nobody to write to: no account in use, or no address.")
    letter = write_letter(row.kind, row.person_id, row.args)
    if letter is None:
        return Verdict(Answer.UNWANTED, "No longer wanted or allowed when its time came.")
    return _hand_over(row, letter, recipient, outbox)


def _hand_over(row: Mail, letter: Letter, recipient: Recipient, outbox: Outbox) -> Verdict:
    if row.address != recipient.address:
        note_address(row, recipient.address)
    to = wire_address(recipient.address)
    if to is None:
        return Verdict(Answer.REFUSED, "Not every mail server knows how to write to this address: it is not in ASCII.")
    message = message_of(letter, replace(recipient, address=to), message_id=row.message_id)
    return outbox.hand_over(message, to)

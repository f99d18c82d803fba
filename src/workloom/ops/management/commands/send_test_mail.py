import time
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from workloom.core.ids import uuid7
from workloom.core.mail.models import MailState
from workloom.core.mail.queries import Standing, standing_of
from workloom.events.lives import count_living
from workloom.events.post import post_to_address

_LOOK_S: Final = 0.5
_SLOWEST_S: Final = 240.0
_REFUSED, _LATER, _UNTOUCHED = 1, 2, 3


class Command(BaseCommand):
    help = (
        "Sends a letter to an address the way that all mails go: ledger, queue, worker, mail server."
        " Exit code 0: taken; 1: refused; 2: put off, it will be tried again; 3: no worker took it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--wait", type=float, default=30, help="Seconds to wait for a worker (30).")

    def handle(self, *_args: Any, address: str, wait: float, **_options: Any) -> None:
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError(f"{address} is no address that mail could go to.") from None
        mail = post_to_address("test", address=address, key=f"test:{uuid7()}")
        if mail is None:
            raise CommandError("The ledger has this mail already.")
        self._say(f"Mail {mail} is in the ledger. Waiting for a worker …")
        self._close(self._outcome(mail, wait))

    def _outcome(self, mail: UUID, wait: float) -> Standing:
        began, is_taken = time.monotonic(), False
        while True:
            standing = standing_of(mail)
            if standing is None:
                raise CommandError("The mail is gone from the ledger.")
            if standing.state != MailState.QUEUED:
                return standing
            if standing.attempts and not is_taken:
                self._say("A worker has it and talks to the mail server …")
                is_taken = True
            waited = time.monotonic() - began
            if waited >= wait and not is_taken:
                raise CommandError(_nobody(wait), returncode=_UNTOUCHED)
            if waited >= wait + _SLOWEST_S:
                raise CommandError("The worker that took the mail has not come back.", returncode=_UNTOUCHED)
            time.sleep(_LOOK_S)

    def _close(self, standing: Standing) -> None:
        words = f"The server's words: {standing.server_words}"
        if standing.state == MailState.SENT:
            self._say(f"Sent as {standing.message_id}. {words}")
            return
        if standing.state == MailState.DEFERRED:
            when = f"{standing.next_at:%Y-%m-%d %H:%M:%S} UTC"
            raise CommandError(f"Put off until {when}. {words}", returncode=_LATER)
        raise CommandError(f"Not sent. {words}", returncode=_REFUSED)

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _nobody(wait: float) -> str:
    rest = "The mail stays in the ledger and goes out when one takes it."
    if count_living():
        return f"Workers are there, but none has taken the mail in {wait:g} seconds: they are busy with others. {rest}"
    return (
        f"No worker shows life, and none has taken the mail in {wait:g} seconds. Start `workloom serve`"
        f" or `workloom run_jobs`. {rest}"
    )

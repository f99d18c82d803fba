import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.core.mail.smtp_server import Inbox, mail_server
from workloom.core.clock import now
from workloom.core.mail.models import Mail
from workloom.events.jobs import run_due
from workloom.events.lives import breathe

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def worker() -> Iterator[None]:
    over = Event()

    def work() -> None:
        try:
            while not over.wait(0.05):
                run_due(lane="mail")
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def send(address: str = "ada@example.org", *, wait: float = 30) -> str:
    out = StringIO()
    call_command("send_test_mail", address, wait=wait, stdout=out)
    return out.getvalue()


def refusal(inbox: Inbox) -> CommandError:
    with mail_server(inbox), worker(), pytest.raises(CommandError) as refused:
        send()
    return refused.value


def test_it_goes_the_way_of_all_mails_and_tells_the_servers_words() -> None:
    with mail_server() as inbox, worker():
        said = send()
    (message,) = inbox.messages()
    assert message["Subject"] == "A test mail from Workloom"
    assert inbox.taken[0].rcpt_tos == ["ada@example.org"]
    assert "is in the ledger. Waiting for a worker" in said
    assert f"Sent as {message['Message-ID']}. The server's words: 250 2.0.0 Taken as 42" in said
    assert list(Mail.objects.values_list("kind", "state", "address")) == [("test", "sent", "ada@example.org")]


def test_a_refusal_ends_with_1() -> None:
    inbox = Inbox()
    inbox.at_rcpt.append("550 No such person")
    error = refusal(inbox)
    assert (error.returncode, str(error)) == (1, "Not sent. The server's words: RCPT TO: 550 No such person")


def test_a_delay_ends_with_2_and_says_when_it_is_tried_again() -> None:
    inbox = Inbox()
    inbox.at_rcpt.append("451 Busy")
    error = refusal(inbox)
    assert error.returncode == 2
    assert str(error).startswith("Put off until 20")
    assert str(error).endswith(" UTC. The server's words: RCPT TO: 451 Busy")


def test_without_a_worker_it_says_so_and_ends_with_3() -> None:
    with pytest.raises(CommandError, match="No worker shows life") as nobody:
        send(wait=0)
    assert nobody.value.returncode == 3
    assert Mail.objects.get().state == "queued"


def test_with_busy_workers_it_says_so() -> None:
    breathe("busy:1", "serve", started_at=now())
    with pytest.raises(CommandError, match="Workers are there, but none has taken the mail") as nobody:
        send(wait=0)
    assert nobody.value.returncode == 3


def test_what_is_no_address_is_refused_before_anything_is_written() -> None:
    with pytest.raises(CommandError, match="not-an-address is no address"):
        send("not-an-address")
    assert Mail.objects.count() == 0


@pytest.mark.parametrize("words", [["send-test-mail"], ["manage", "send-test-mail"], ["send_test_mail"]])
def test_it_is_called_as_people_type_it(words: list[str]) -> None:
    program = f"import sys; from workloom.config.cli import main; sys.argv = {['workloom', *words, 'nobody']!r}; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "workloom.config.settings"},
    )
    assert (done.returncode, done.stderr) == (1, "CommandError: nobody is no address that mail could go to.\n")

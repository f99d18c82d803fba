"""A mail from the wish to the ledger's last word, by a real server that says what a test wants to hear."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from tests.core.mail.smtp_server import Inbox, leading_to, mail_server
from tests.factories import make_user
from workloom.core.clock import frozen, now
from workloom.core.mail.letters import Letter, _writers, letter
from workloom.core.mail.models import Mail, MailState
from workloom.core.mail.queries import counts
from workloom.events.jobs import run_due
from workloom.events.models import Job
from workloom.events.post import post
from workloom.people.accounts.models import User

_moments = count()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def note_letter() -> Any:
    @letter("tests.note")
    def write(person_id: UUID, args: dict[str, Any]) -> Letter | None:
        if args.get("is_over"):
            return None
        word = args["word"]
        return Letter(subject=word, text=f"{word}\n", html=f"<p>{word}</p>", thread=args.get("thread", ""))

    yield
    _writers.pop("tests.note")


@pytest.fixture
def ada() -> User:
    return make_user("ada", name="Ada Lovelace")


def wish(person: User, word: str = "hello", **more: Any) -> UUID:
    """Each wish a little later than the one before: what is wished for within a millisecond has no order."""
    with frozen(now() - timedelta(seconds=1) + timedelta(milliseconds=next(_moments))):
        posted = post("tests.note", person_id=person.pk, args={"word": word, **more}, key=f"note:{word}")
    assert posted is not None
    return posted


def work(*, after: timedelta = timedelta(0)) -> int:
    with frozen(now() + after):
        return run_due(lane="mail")


def test_a_mail_arrives_and_the_ledger_keeps_the_servers_words(ada: User) -> None:
    with mail_server() as inbox:
        mail = wish(ada)
        assert Mail.objects.get(pk=mail).state == MailState.QUEUED
        work()
    (message,) = inbox.messages()
    row = Mail.objects.get(pk=mail)
    assert (row.state, row.server_words, row.attempts) == ("sent", "250 2.0.0 Taken as 42", 1)
    assert (row.address, row.lease) == ("ada@example.org", None)
    assert row.finished_at is not None
    assert message["Message-ID"] == row.message_id == f"<{mail}@tasks.example.org>"
    assert inbox.taken[0].mail_from == "workloom@tasks.example.org"
    assert inbox.taken[0].rcpt_tos == ["ada@example.org"]
    assert message["To"] == "Ada Lovelace <ada@example.org>"


def test_the_same_key_mails_once(ada: User) -> None:
    with mail_server() as inbox:
        wish(ada)
        assert post("tests.note", person_id=ada.pk, args={"word": "other"}, key="note:hello") is None
        work()
        assert post("tests.note", person_id=ada.pk, args={"word": "other"}, key="note:hello") is None
        work()
    assert [message["Subject"] for message in inbox.messages()] == ["hello"]
    assert Job.objects.count() == 1


def test_a_run_of_mails_shares_one_connection(ada: User) -> None:
    with mail_server() as inbox:
        for word in ("one", "two", "three"):
            wish(ada, word)
        assert work() == 3
    assert [message["Subject"] for message in inbox.messages()] == ["one", "two", "three"]
    assert inbox.connections == 1
    assert counts() == {"queued": 0, "sent": 3, "deferred": 0, "failed": 0, "dropped": 0}


def test_a_mail_for_later_waits(ada: User) -> None:
    with mail_server() as inbox:
        post("tests.note", person_id=ada.pk, args={"word": "later"}, key="k", at=now() + timedelta(hours=1))
        wish(ada, "soon")
        assert work() == 1
        assert [message["Subject"] for message in inbox.messages()] == ["soon"]
        assert work(after=timedelta(hours=1, minutes=1)) == 1
    assert [message["Subject"] for message in inbox.messages()] == ["soon", "later"]


def test_a_4xx_is_tried_again_with_the_same_message_id(ada: User) -> None:
    with mail_server() as inbox:
        inbox.at_rcpt.append("451 4.7.1 Greylisted, come back")
        mail = wish(ada)
        work()
        row = Mail.objects.get(pk=mail)
        assert (row.state, row.server_words) == ("deferred", "RCPT TO: 451 4.7.1 Greylisted, come back")
        assert timedelta(seconds=3) < row.next_at - now() < timedelta(seconds=7)
        assert work() == 0
        inbox.at_data.append("452 4.3.1 Disk full")
        work(after=timedelta(seconds=10))
        row.refresh_from_db()
        assert (row.state, row.server_words) == ("deferred", "452 4.3.1 Disk full")
        work(after=timedelta(seconds=60))
        row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 3)
    assert [message["Message-ID"] for message in inbox.messages()] == [row.message_id]
    assert Job.objects.exclude(state="done").count() == 0


def test_a_mail_that_is_deferred_for_a_day_is_given_up(ada: User) -> None:
    with mail_server() as inbox:
        inbox.at_rcpt.extend(["450 Later"] * 20)
        mail = wish(ada)
        for half_hour in range(60):
            work(after=timedelta(minutes=30 * half_hour))
    row = Mail.objects.get(pk=mail)
    assert (row.state, row.server_words) == ("failed", "Given up after a day. Last: RCPT TO: 450 Later")
    assert 8 < row.attempts <= 13
    assert inbox.taken == []


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_5xx_stops_at_once_and_holds_up_nobody(ada: User, step: str) -> None:
    with mail_server() as inbox:
        getattr(inbox, f"at_{step}").append("550 5.1.1 No such person")
        refused, taken = wish(ada, "one"), wish(ada, "two")
        work()
        assert work(after=timedelta(days=2)) == 0
    row = Mail.objects.get(pk=refused)
    assert (row.state, row.attempts) == ("failed", 1)
    assert row.server_words.endswith("550 5.1.1 No such person")
    assert Mail.objects.get(pk=taken).state == "sent"
    assert inbox.connections == 1


def test_a_server_that_is_down_is_tried_until_it_is_up(ada: User) -> None:
    with mail_server() as gone:
        port = gone.port
    with leading_to(port):
        mail = wish(ada)
        work()
        row = Mail.objects.get(pk=mail)
        assert row.state == "deferred"
        assert "refused" in row.server_words.lower()
    with mail_server(port=port) as inbox:
        work(after=timedelta(minutes=1))
    assert len(inbox.taken) == 1
    assert Mail.objects.get(pk=mail).state == "sent"


def test_a_server_that_hangs_up_between_two_mails_costs_none(ada: User) -> None:
    with mail_server() as inbox:
        inbox.at_data.extend(["250 Taken", "421 4.3.2 Shutting down"])
        for word in ("one", "two", "three"):
            wish(ada, word)
        work()
        work(after=timedelta(minutes=1))
    assert sorted(str(message["Subject"]) for message in inbox.messages()) == ["one", "three", "two"]
    assert counts()["sent"] == 3
    assert inbox.connections == 3


def test_a_server_that_hangs_is_left_after_its_time(ada: User) -> None:
    with mail_server(Inbox(hangs=True), EMAIL_TIMEOUT=0.2):
        mail = wish(ada)
        work()
    row = Mail.objects.get(pk=mail)
    assert (row.state, row.server_words) == ("deferred", "The mail server did not answer in time.")


def test_a_wrong_password_is_no_mails_fault(ada: User) -> None:
    with mail_server(EMAIL_HOST_USER="workloom", EMAIL_HOST_PASSWORD="wrong"):
        mail = wish(ada)
        work()
    row = Mail.objects.get(pk=mail)
    assert row.state == "deferred"
    assert "AUTH" in row.server_words


def test_what_is_no_longer_wanted_is_dropped(ada: User) -> None:
    with mail_server() as inbox:
        mail = wish(ada, is_over=True)
        work()
    row = Mail.objects.get(pk=mail)
    assert (row.state, row.server_words) == ("dropped", "No longer wanted or allowed when its time came.")
    assert inbox.connections == 0


@pytest.mark.parametrize(
    ("address", "state", "to"),
    [("ada@bücher.example", "sent", ["ada@xn--bcher-kva.example"]), ("jürgen@example.org", "failed", [])],
)
def test_addresses_of_other_scripts_are_spelled_or_refused(address: str, state: str, to: list[str]) -> None:
    with mail_server() as inbox:
        mail = wish(make_user("ada", email=address))
        work()
    row = Mail.objects.get(pk=mail)
    assert (row.state, row.address) == (state, address)
    assert [one for envelope in inbox.taken for one in envelope.rcpt_tos] == to


def test_who_has_left_gets_no_mail(ada: User) -> None:
    with mail_server() as inbox:
        mail = wish(ada)
        ada.is_active = False
        ada.save()
        work()
    assert Mail.objects.get(pk=mail).state == "dropped"
    assert inbox.connections == 0


def test_a_worker_that_died_leaves_the_mail_to_the_next_after_its_lease(ada: User) -> None:
    with mail_server() as inbox:
        mail = wish(ada)
        Mail.objects.filter(pk=mail).update(
            lease=UUID(int=1), lease_until=now() + timedelta(seconds=240), attempts=1, message_id="<same@id>"
        )
        work()
        assert inbox.taken == []
        work(after=timedelta(seconds=250))
    assert [message["Message-ID"] for message in inbox.messages()] == ["<same@id>"]
    assert Mail.objects.get(pk=mail).attempts == 2


def test_a_letter_that_cannot_be_written_fails_alone_and_in_the_end_for_good(ada: User) -> None:
    with mail_server() as inbox:
        broken = post("tests.note", person_id=ada.pk, args={}, key="no word")
        assert broken is not None
        whole = wish(ada)
        for hour in range(8):
            work(after=timedelta(hours=hour))
    assert len(inbox.taken) == 1
    assert Mail.objects.get(pk=whole).state == "sent"
    row = Mail.objects.get(pk=broken)
    assert row.state == "failed"
    assert "Workloom itself failed" in row.server_words
    assert not Job.objects.filter(state="failed").exists()

import logging
from pathlib import Path

import pytest
from django.core import mail
from django.test import override_settings

from tests.core.mail.smtp_server import Inbox, leading_to, mail_server
from workloom.core.mail.letters import Letter, Recipient
from workloom.core.mail.message import message_of
from workloom.core.mail.outbox import open_outbox
from workloom.core.mail.verdicts import Answer, Verdict, judged

BACKEND = "django.core.mail.backends.{}.EmailBackend"


def hand_over(to: str = "ada@example.org") -> Verdict:
    letter = Letter(subject="Hello", text="text\n", html="<p>html</p>")
    message = message_of(letter, Recipient(address=to), message_id="<1@x.org>")
    with open_outbox() as outbox:
        return outbox.hand_over(message, to)


def test_without_a_mail_server_it_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(EMAIL_BACKEND=BACKEND.format("console")), caplog.at_level(logging.INFO, "workloom.mail"):
        verdict = hand_over()
    assert verdict == Verdict(Answer.TAKEN, "Written to the log: no mail server is set.")
    assert [record.getMessage() for record in caplog.records if record.name == "workloom.mail"] == [
        "Mail to ada@example.org: Hello\ntext\n"
    ]


def test_a_folder_of_files_takes_mails_too(tmp_path: Path) -> None:
    with override_settings(EMAIL_BACKEND=BACKEND.format("filebased"), EMAIL_FILE_PATH=str(tmp_path)):
        assert hand_over() == Verdict(Answer.TAKEN, "Taken by filebased.")
    (kept,) = tmp_path.iterdir()
    assert "Subject: Hello" in kept.read_text()


def test_what_the_framework_keeps_in_memory_is_taken() -> None:
    assert hand_over().answer is Answer.TAKEN
    assert [message.subject for message in mail.outbox] == ["Hello"]


def test_a_server_without_the_encryption_that_is_asked_for_gets_nothing() -> None:
    with mail_server(EMAIL_USE_TLS=True) as inbox:
        verdict = hand_over()
    assert (verdict.answer, verdict.words) == (
        Answer.LATER,
        "SMTPNotSupportedError: STARTTLS extension not supported by server.",
    )
    assert inbox.taken == []


def test_a_name_that_no_server_has_means_later() -> None:
    with leading_to(25, EMAIL_HOST="mail.invalid"):
        assert hand_over().answer is Answer.LATER


def test_a_server_that_hangs_after_the_whole_message_is_given_more_time() -> None:
    with mail_server(Inbox(hangs_at_the_end=0.5), EMAIL_TIMEOUT=0.2) as inbox:
        assert hand_over().answer is Answer.TAKEN
    assert len(inbox.taken) == 1


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (250, Answer.TAKEN),
        (421, Answer.LATER),
        (450, Answer.LATER),
        (550, Answer.REFUSED),
        (354, Answer.LATER),
        (-1, Answer.LATER),
    ],
)
def test_answers_are_judged_by_their_first_digit(code: int, answer: Answer) -> None:
    verdict = judged(code, b"words\nof the\x00 server \xff")
    assert (verdict.answer, verdict.is_over) == (answer, code in {421, -1})
    assert verdict.words.isprintable()

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from django.core.mail import BadHeaderError

from tests.core.mail.smtp_server import leading_to
from workloom.core.clock import frozen
from workloom.core.ids import uuid7
from workloom.core.mail.letters import Letter, Recipient, one_line
from workloom.core.mail.message import as_sent, message_id_of, message_of, wire_address
from workloom.core.mail.unsubscribing import read_unsubscribe_token, unsubscribe_link, unsubscribe_token

ADA = Recipient(address="ada@example.org", name="Ada")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def settings_of_mail() -> Iterator[None]:
    with leading_to(25):
        yield


def letter(subject: str = "Subject", **more: str) -> Letter:
    return Letter(**{"subject": subject, "text": "text\n", "html": "<p>html</p>", **more})  # type: ignore[arg-type]


def sent(written: Letter, to: Recipient = ADA, message_id: str = "<1@tasks.example.org>") -> EmailMessage:
    raw = as_sent(message_of(written, to, message_id=message_id))
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert parsed.defects == []
    return parsed


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def test_both_forms_arrive_as_alternatives() -> None:
    message = sent(letter(text="Grüße, 日本 🎉\n", html="<p>Grüße, 日本 🎉</p>"))
    assert message.get_content_type() == "multipart/alternative"
    assert body(message, "plain") == "Grüße, 日本 🎉\n"
    assert "<p>Grüße, 日本 🎉</p>" in body(message, "html")
    assert [part["Content-Transfer-Encoding"] for part in message.iter_parts()] == ["quoted-printable"] * 2


@pytest.mark.parametrize("subject", ["Plain", "Grüße aus Köln", "日本語のとても長い件名です" * 8, "🎉" * 60, "x" * 255])
def test_subjects_of_any_script_and_length_arrive(subject: str) -> None:
    assert sent(letter(subject))["Subject"] == subject


@pytest.mark.parametrize("line", ["x" * 5000, ".", ".\n.\n..", "From here on", "=41 is no A", "trailing  "])
def test_lines_that_mail_is_known_to_harm_arrive(line: str) -> None:
    assert body(sent(letter(text=f"{line}\n")), "plain") == f"{line}\n"


def test_programs_are_told_what_kind_of_mail_it_is() -> None:
    with frozen(NOON):
        message = sent(letter())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Mon, 30 Nov 2026 12:00:00 +0000"
    assert message["From"] == "Workloom <workloom@tasks.example.org>"
    assert message["To"] == "Ada <ada@example.org>"
    assert message["In-Reply-To"] is message["List-Unsubscribe"] is None


def test_letters_of_one_thread_name_one_beginning_and_have_ids_of_their_own() -> None:
    first, second = uuid7(), uuid7()
    one = sent(letter(thread="task-7"), message_id=message_id_of(first))
    other = sent(letter(thread="task-7"), message_id=message_id_of(second))
    assert one["References"] == other["References"] == one["In-Reply-To"] == "<task-7@tasks.example.org>"
    assert (one["Message-ID"], other["Message-ID"]) == (
        f"<{first}@tasks.example.org>",
        f"<{second}@tasks.example.org>",
    )


def test_one_click_ends_mails_of_a_kind() -> None:
    person = uuid7()
    message = sent(letter(unsubscribe=unsubscribe_link(person, "mentioned")))
    link = message["List-Unsubscribe"]
    assert link.startswith("<https://tasks.example.org/api/v1/notifications/unsubscribe/")
    assert link.endswith("/>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read_unsubscribe_token(link.rpartition("unsubscribe/")[2][:-2]) == (person, "mentioned")


@pytest.mark.parametrize("change", ["", "x", "é", "a:b:c"])
def test_a_token_that_is_not_ours_is_none(change: str) -> None:
    token = unsubscribe_token(uuid7(), "mentioned")
    assert read_unsubscribe_token(change) is None
    assert read_unsubscribe_token(token[:-1]) is None
    assert read_unsubscribe_token(change + token[len(change) + 1 :]) is None


@pytest.mark.parametrize("bad", ["a\nBcc: eve@evil.example", "a\r\nb", "a\rb", "a\x00b", "a\u2028b", "a\x85b"])
def test_what_would_begin_another_header_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="is not one line of text"):
        letter(bad)
    with pytest.raises(ValueError, match="is not one line of text"):
        letter(unsubscribe=bad)
    with pytest.raises(ValueError, match="is not one line of text"):
        Letter(subject="s", text="", html="", headers={"X-Thing": bad})
    with pytest.raises(ValueError, match="is not one line of text"):
        Letter(subject="s", text="", html="", headers={bad: "x"})
    assert one_line(bad).isprintable()


def test_a_name_with_line_ends_becomes_one_line_and_an_address_with_them_is_refused() -> None:
    assert sent(letter(), Recipient(address="ada@example.org", name="Ada\r\nBcc: eve@evil.example"))["Bcc"] is None
    with pytest.raises(BadHeaderError):
        sent(letter(), Recipient(address="ada@example.org\nBcc: eve@evil.example"))


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("ada@example.org", "ada@example.org"),
        ("Ada+Tag@bücher.example", "Ada+Tag@xn--bcher-kva.example"),
        ("jürgen@example.org", None),
        ("ada@exa\nmple.org", None),
        ("ada>@example.org", None),
        ("ada@\ufdfa\u00ad-.example", None),
    ],
)
def test_an_address_is_spelled_as_every_server_knows_it(address: str, wire: str | None) -> None:
    assert wire_address(address) == wire


@pytest.mark.parametrize("name", ["Ada, Countess of Lovelace", 'Ada "A" L', "Åse", "毛 泽", "<eve@evil.example>", ""])
def test_names_of_all_kinds_name_one_address(name: str) -> None:
    to = sent(letter(), Recipient(address="ada@example.org", name=name))["To"]
    assert [(one.display_name, one.addr_spec) for one in to.addresses] == [(name, "ada@example.org")]

import pytest

from workloom.core.mail.layout import Content, Section, letter_from
from workloom.core.mail.letters import Letter

LINK = "https://tasks.example.org/x"


def written(**more: str) -> Letter:
    section = Section(
        lead="Grace assigned a task to you.",
        facts=[("Task", "ENG-42 Tidy <b>up</b>"), ("Due date", "Monday")],
        quote="first\n\n<script>alert(1)</script>",
        link=LINK,
    )
    content = Content(
        subject="[ENG-42] Tidy\nup", sections=[section, Section(lead="More & more")], footer="You watch it."
    )
    return letter_from(content, **{"locale": "en", **more})


def test_the_text_says_everything_in_plain_lines() -> None:
    assert written(unsubscribe=f"{LINK}/u").text == (
        "Grace assigned a task to you.\n\n"
        "Task:     ENG-42 Tidy <b>up</b>\n"
        "Due date: Monday\n\n"
        "> first\n>\n> <script>alert(1)</script>\n\n"
        f"{LINK}\n\n"
        "More & more\n\n"
        f"-- \nYou watch it.\nNo more mails of this kind: {LINK}/u\n"
    )


def test_the_html_says_the_same_and_runs_or_loads_nothing() -> None:
    html = written(unsubscribe=f"{LINK}/u").html
    for told in (
        "ENG-42 Tidy &lt;b&gt;up&lt;/b&gt;",
        "&lt;script&gt;",
        "More &amp; more",
        "You watch it.",
        f'href="{LINK}"',
    ):
        assert told in html
    for harm in ("<script", "<img", "<link", "src=", "url("):
        assert harm not in html


def test_a_subject_is_one_line() -> None:
    assert written().subject == "[ENG-42] Tidy up"


@pytest.mark.parametrize(("locale", "word"), [("de-AT", "Öffnen"), ("fr", "Open")])
def test_fixed_words_are_in_the_readers_language(locale: str, word: str) -> None:
    assert f">{word}</a>" in written(locale=locale).html

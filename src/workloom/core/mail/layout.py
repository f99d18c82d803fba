"""One layout for all letters: the same content as text and as HTML, which loads nothing from anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import escape

from workloom.core.mail.letters import Letter, one_line
from workloom.core.mail.words import words_of

_FONT: Final = "font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1c2430"
_QUIET: Final = "color:#5c6675"
_BAR: Final = "margin:12px 0;padding:2px 0 2px 12px;border-left:3px solid #c9d1dc;white-space:pre-wrap"
_BUTTON: Final = (
    "display:inline-block;padding:8px 16px;border-radius:6px;background:#2456c7;color:#ffffff;text-decoration:none"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One thing that is told: a sentence, facts by name, somebody's words, and the way there."""

    lead: str
    facts: Sequence[tuple[str, str]] = ()
    quote: str = ""
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A whole letter in plain values: everything is escaped where it has to be."""

    subject: str
    sections: Sequence[Section]
    footer: str = ""
    """Why somebody gets this mail."""


def letter_from(content: Content, *, locale: str, thread: str = "", unsubscribe: str = "") -> Letter:
    """Lay a letter out in both forms."""
    return Letter(
        subject=one_line(content.subject),
        text=_text(content, locale, unsubscribe),
        html=_html(content, locale, unsubscribe),
        thread=thread,
        unsubscribe=unsubscribe,
    )


def _text(content: Content, locale: str, unsubscribe: str) -> str:
    blocks = [_section_text(section) for section in content.sections]
    stop = f"{words_of(locale).stop}: {unsubscribe}" if unsubscribe else ""
    foot = "\n".join(part for part in (content.footer, stop) if part)
    return "\n\n".join(blocks) + (f"\n\n-- \n{foot}" if foot else "") + "\n"


def _section_text(section: Section) -> str:
    width = max((len(name) for name, _ in section.facts), default=0) + 1
    facts = "\n".join(f"{name + ':':<{width}} {one_line(value)}" for name, value in section.facts)
    quote = "\n".join(f"> {line}".rstrip() for line in section.quote.splitlines())
    return "\n\n".join(part for part in (section.lead, facts, quote, section.link) if part)


def _html(content: Content, locale: str, unsubscribe: str) -> str:
    words = words_of(locale)
    body = "".join(_section_html(section, words.open_it) for section in content.sections)
    stop = f'<a style="{_QUIET}" href="{escape(unsubscribe)}">{escape(words.stop)}</a>' if unsubscribe else ""
    foot = "<br>".join(part for part in (escape(content.footer), stop) if part)
    return (
        f'<!doctype html><html lang="{escape(locale)}"><head><meta charset="utf-8">'
        f"<title>{escape(one_line(content.subject))}</title></head>"
        f'<body style="margin:0;padding:24px;{_FONT}"><div style="max-width:600px">{body}'
        + (f'<p style="margin-top:28px;font-size:13px;{_QUIET}">{foot}</p>' if foot else "")
        + "</div></body></html>"
    )


def _section_html(section: Section, open_it: str) -> str:
    rows = "".join(
        f'<tr><td style="padding:2px 16px 2px 0;{_QUIET}">{escape(name)}</td><td>{escape(one_line(value))}</td></tr>'
        for name, value in section.facts
    )
    parts = [
        f"<p>{escape(section.lead)}</p>",
        f'<table style="border-collapse:collapse;{_FONT}">{rows}</table>' if rows else "",
        f'<div style="{_BAR}">{escape(section.quote)}</div>' if section.quote else "",
        f'<p><a style="{_BUTTON}" href="{escape(section.link)}">{escape(section.link_text or open_it)}</a></p>'
        if section.link
        else "",
    ]
    return f'<div style="margin-bottom:24px">{"".join(parts)}</div>'

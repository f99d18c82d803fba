"""What people read of a notification, in their language, made of what is there when they read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from workloom.core.mail.words import in_language, spelled_day, spelled_moment
from workloom.people.accounts.rules.notices import NoticeKind

DIGEST: Final = "digest"
"""The kind of mail that gathers others: who wants no more of it wants none of those that it gathers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All fixed words of one language."""

    somebody: str
    kinds: Mapping[str, str]
    messages: Mapping[NoticeKind, str]
    project: str
    status: str
    due: str
    why: Mapping[NoticeKind, str]
    digest: str
    digest_why: str
    more: str
    page_title: str
    page_question: str
    page_button: str
    page_done: str


_ENGLISH: Final = Words(
    somebody="Somebody",
    kinds={
        NoticeKind.ASSIGNED: "a task was assigned to you",
        NoticeKind.MENTIONED: "somebody mentioned you",
        NoticeKind.COMMENTED: "new comments",
        NoticeKind.STATUS_CHANGED: "another status",
        NoticeKind.DUE_SOON: "due soon",
        NoticeKind.OVERDUE: "overdue",
        NoticeKind.SLA_BREACHED: "past the due date",
        NoticeKind.SLA_WARNING: "soon past the due date",
        DIGEST: "daily digest",
    },
    messages={
        NoticeKind.ASSIGNED: "{actor} assigned {task} to you",
        NoticeKind.MENTIONED: "{actor} mentioned you in {task}",
        NoticeKind.COMMENTED: "{actor} commented on {task}",
        NoticeKind.STATUS_CHANGED: "{actor} moved {task} from {old} to {new}",
        NoticeKind.DUE_SOON: "{task} is due: {due}",
        NoticeKind.OVERDUE: "{task} is overdue since {due}",
        NoticeKind.SLA_BREACHED: "{task} is not done and past its due date",
        NoticeKind.SLA_WARNING: "{task} will soon be past its due date",
    },
    project="Project",
    status="Status",
    due="Due",
    why={
        NoticeKind.ASSIGNED: "You get this mail because you were assigned to a task.",
        NoticeKind.MENTIONED: "You get this mail because somebody named you.",
        NoticeKind.COMMENTED: "You get this mail because you are told of this task's comments.",
        NoticeKind.STATUS_CHANGED: "You get this mail because you are told of this task's status.",
        NoticeKind.DUE_SOON: "You get this mail because you are reminded of this task's due date.",
        NoticeKind.OVERDUE: "You get this mail because you are reminded of this task's due date.",
        NoticeKind.SLA_BREACHED: "You get this mail because you are told of this task.",
        NoticeKind.SLA_WARNING: "You get this mail because you are told of this task.",
    },
    digest="Your day in Workloom: {count} unread",
    digest_why="You get this mail once a day, for what you asked to have gathered.",
    more="And {count} more.",
    page_title="No more mails",
    page_question="Shall Workloom send you no more mails of the kind “{kind}”?",
    page_button="No more of these mails",
    page_done="Done. You get no more mails of the kind “{kind}”. Your profile can bring them back.",
)
_GERMAN: Final = Words(
    somebody="Jemand",
    kinds={
        NoticeKind.ASSIGNED: "eine Aufgabe wurde dir zugewiesen",
        NoticeKind.MENTIONED: "jemand hat dich erwähnt",
        NoticeKind.COMMENTED: "neue Kommentare",
        NoticeKind.STATUS_CHANGED: "anderer Status",
        NoticeKind.DUE_SOON: "bald fällig",
        NoticeKind.OVERDUE: "überfällig",
        NoticeKind.SLA_BREACHED: "über dem Termin",
        NoticeKind.SLA_WARNING: "bald über dem Termin",
        DIGEST: "tägliche Zusammenfassung",
    },
    messages={
        NoticeKind.ASSIGNED: "{actor} hat dir {task} zugewiesen",
        NoticeKind.MENTIONED: "{actor} hat dich in {task} erwähnt",
        NoticeKind.COMMENTED: "{actor} hat {task} kommentiert",
        NoticeKind.STATUS_CHANGED: "{actor} hat {task} von {old} nach {new} verschoben",
        NoticeKind.DUE_SOON: "{task} ist fällig: {due}",
        NoticeKind.OVERDUE: "{task} ist überfällig seit {due}",
        NoticeKind.SLA_BREACHED: "{task} ist nicht erledigt und über dem Termin",
        NoticeKind.SLA_WARNING: "{task} kommt bald über den Termin",
    },
    project="Projekt",
    status="Status",
    due="Fällig",
    why={
        NoticeKind.ASSIGNED: "Du bekommst diese Mail, weil dir eine Aufgabe zugewiesen wurde.",
        NoticeKind.MENTIONED: "Du bekommst diese Mail, weil dich jemand genannt hat.",
        NoticeKind.COMMENTED: "Du bekommst diese Mail, weil du von Kommentaren zu dieser Aufgabe erfährst.",
        NoticeKind.STATUS_CHANGED: "Du bekommst diese Mail, weil du vom Status dieser Aufgabe erfährst.",
        NoticeKind.DUE_SOON: "Du bekommst diese Mail, weil du an den Termin dieser Aufgabe erinnert wirst.",
        NoticeKind.OVERDUE: "Du bekommst diese Mail, weil du an den Termin dieser Aufgabe erinnert wirst.",
        NoticeKind.SLA_BREACHED: "Du bekommst diese Mail, weil du von dieser Aufgabe erfährst.",
        NoticeKind.SLA_WARNING: "Du bekommst diese Mail, weil du von dieser Aufgabe erfährst.",
    },
    digest="Dein Tag in Workloom: {count} ungelesen",
    digest_why="Du bekommst diese Mail einmal am Tag, mit dem, was du gesammelt haben wolltest.",
    more="Und {count} weitere.",
    page_title="Keine Mails mehr",
    page_question="Soll Workloom dir keine Mails der Art „{kind}“ mehr schicken?",
    page_button="Keine solchen Mails mehr",
    page_done="Erledigt. Du bekommst keine Mails der Art „{kind}“ mehr. In deinem Profil holst du sie zurück.",
)
_TEXTS: Final[Mapping[str, Words]] = {"en": _ENGLISH, "de": _GERMAN}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message is made of; `detail` is what was kept of the event."""

    kind: NoticeKind
    task_key: str
    task_title: str
    actor: str
    detail: Mapping[str, Any]


def texts_of(locale: str) -> Words:
    """Return the words of a locale."""
    return in_language(_TEXTS, locale)


def message_of(facts: Facts, locale: str, zone: str) -> str:
    """Return the one sentence of a notification."""
    words, detail = texts_of(locale), facts.detail
    return words.messages[facts.kind].format(
        actor=facts.actor or words.somebody,
        task=f"{facts.task_key} “{facts.task_title}”",
        old=detail.get("from", ""),
        new=detail.get("to", ""),
        due=_due(detail, locale, zone),
    )


def _due(detail: Mapping[str, Any], locale: str, zone: str) -> str:
    day, at = detail.get("due_date"), detail.get("due_at")
    return spelled_due(date.fromisoformat(day), datetime.fromisoformat(at) if at else None, locale, zone) if day else ""


def spelled_due(day: date, at: datetime | None, locale: str, zone: str) -> str:
    """Write out when a task is due."""
    return spelled_moment(at, locale, zone) if at else spelled_day(day, locale)


@dataclass(frozen=True, slots=True)
class PageWords:
    """What the page behind the link in a mail says."""

    title: str
    question: str
    button: str
    done: str


def page_words(locale: str, kind: str) -> PageWords:
    """Return the page's words for a kind of mails."""
    words = texts_of(locale)
    named = words.kinds[kind]
    return PageWords(
        words.page_title, words.page_question.format(kind=named), words.page_button, words.page_done.format(kind=named)
    )

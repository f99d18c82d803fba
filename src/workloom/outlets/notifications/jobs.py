"""The letters of this room, written when they are sent: by the rights, the wishes and the words of that moment."""

from typing import Any
from uuid import UUID

from workloom.core.mail.layout import Content, Section, letter_from
from workloom.core.mail.letters import Letter, letter
from workloom.core.mail.links import absolute
from workloom.core.mail.unsubscribing import unsubscribe_link
from workloom.outlets.notifications.models import Notification
from workloom.outlets.notifications.queries.letters import Digested, digested, mailed
from workloom.outlets.notifications.rules.words import DIGEST, Facts, message_of, spelled_due, texts_of
from workloom.people.accounts.models import User
from workloom.people.accounts.rules.notices import NoticeKind
from workloom.work.tasks.models import Task

MOST_IN_A_DIGEST = 200


@letter("notification")
def write_notification(person_id: UUID, args: dict[str, Any]) -> Letter | None:
    """Write of one thing; None when the person may no longer see it, no longer wants it, or it is gone."""
    found = mailed(person_id, UUID(args["notification"]))
    if found is None:
        return None
    user, task, kind = found.user, found.task, NoticeKind(found.kind)
    words = texts_of(user.locale)
    section = Section(lead=_message(found), facts=_facts(task, user), quote=_quote(found), link=absolute(_path(task)))
    return letter_from(
        Content(subject=f"{_key(task)} {task.title}", sections=[section], footer=words.why[kind]),
        locale=user.locale,
        thread=str(task.pk),
        unsubscribe=unsubscribe_link(user.pk, kind.value),
    )


@letter("digest")
def write_digest(person_id: UUID, args: dict[str, Any]) -> Letter | None:
    """Write of everything unread that was gathered, by project and task; None when nothing is left of it."""
    found = digested(person_id, UUID(args["digest"]), MOST_IN_A_DIGEST)
    if not found.rows:
        return None
    user, words = found.rows[0].user, texts_of(found.rows[0].user.locale)
    more = [Section(lead=words.more.format(count=found.left_out))] if found.left_out else []
    return letter_from(
        Content(
            subject=words.digest.format(count=len(found.rows) + found.left_out),
            sections=[*_by_project(found, user), *more],
            footer=words.digest_why,
        ),
        locale=user.locale,
        unsubscribe=unsubscribe_link(user.pk, DIGEST),
    )


def _by_project(found: Digested, user: User) -> list[Section]:
    """Return a section for each project's name, and one behind it for each of its tasks."""
    sections: list[Section] = []
    project: UUID | None = None
    for task, rows in found.by_task():
        if task.project_id != project:
            project = task.project_id
            sections.append(Section(lead=task.project.name))
        said = "\n".join(_message(row) for row in rows)
        lead = f"{_key(task)} {task.title}"
        sections.append(Section(lead=lead, facts=_due(task, user), quote=said, link=absolute(_path(task))))
    return sections


def _facts(task: Task, user: User) -> list[tuple[str, str]]:
    words = texts_of(user.locale)
    return [(words.project, task.project.name), (words.status, task.status.label), *_due(task, user)]


def _due(task: Task, user: User) -> list[tuple[str, str]]:
    if task.due_date is None:
        return []
    return [(texts_of(user.locale).due, spelled_due(task.due_date, task.due_at, user.locale, user.time_zone))]


def _message(found: Notification) -> str:
    actor = found.actor.shown_name if found.actor else ""
    facts = Facts(NoticeKind(found.kind), _key(found.task), found.task.title, actor, found.detail)
    return message_of(facts, found.user.locale, found.user.time_zone)


def _quote(found: Notification) -> str:
    return found.comment.body if found.comment else ""


def _key(task: Task) -> str:
    return f"{task.project.key}-{task.number}"


def _path(task: Task) -> str:
    return f"/tasks/{task.pk}"

"""One's own notifications and preferences: everybody else's do not exist for the asker."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Missing
from workloom.core.mail.unsubscribing import read_unsubscribe_token
from workloom.outlets.notifications.models import Notification
from workloom.outlets.notifications.queries.listing import visible_notifications
from workloom.outlets.notifications.rules.words import DIGEST
from workloom.people.accounts.models import User
from workloom.people.accounts.queries import people
from workloom.people.accounts.rules.notices import NoticeKind
from workloom.people.rights.rules import Right, demand_personal
from workloom.work.projects.access import access_project
from workloom.work.projects.models import Project


def access_notification(actor: Actor, notification_id: UUID, right: Right) -> Notification:
    """Return one of the actor's, of a task that the actor may see, locked for a change; raises Missing or Forbidden."""
    found = visible_notifications(actor).filter(pk=notification_id)
    one = (locked(found) if right is Right.NOTIFICATION_EDIT else found).first()
    if one is None:
        raise Missing
    demand_personal(actor, right)
    return one


def access_preference(actor: Actor, project_id: UUID, right: Right) -> Project:
    """Return a project that the actor sees and may have wishes about; raises Missing or Forbidden."""
    project = access_project(actor, project_id, Right.PROJECT_READ)
    demand_personal(actor, right)
    return project


def access_mails(token: str) -> tuple[User, str]:
    """Return whose mails of which kind a link in a mail ends; raises Missing for what is no link of ours."""
    read = read_unsubscribe_token(token)
    if read is None or read[1] not in {DIGEST, *NoticeKind}:
        raise Missing
    user = people().filter(pk=read[0]).first()
    if user is None:
        raise Missing
    return user, read[1]

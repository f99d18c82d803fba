"""What people want to be told of single projects, and the one click that ends mails."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.events.record import record
from workloom.outlets.notifications.events import PreferenceChanged
from workloom.outlets.notifications.models import Preference
from workloom.outlets.notifications.rules.words import DIGEST
from workloom.people.accounts.actions import update_profile
from workloom.people.accounts.models import User
from workloom.people.accounts.queries import people
from workloom.people.accounts.rules.notices import (
    ChannelWish,
    KindWishes,
    MailMode,
    NoticeKind,
    NoticeWish,
    Said,
    channels_of,
    kinds_said,
    with_kinds,
)
from workloom.people.accounts.rules.wanted import ProfileChange
from workloom.work.projects.models import Project


@write
def set_preference(project: Project, wish: KindWishes, *, anew: bool, actor: Actor) -> Preference:
    """Merge a wish into what the actor said of a project, or with `anew` say this and nothing else."""
    row = _row_of(project, actor.person)
    return _say(row, with_kinds({} if anew else row.kinds, wish), project, actor)


@write
def drop_preference(project: Project, *, actor: Actor) -> None:
    """Let the actor's general settings hold for a project again."""
    row = lock(Preference.objects.filter(user=actor.person, project=project)).first()
    if row is not None:
        _record(row, {}, project, actor)
        row.delete()


@write
def stop_mails(person: UUID, kind: str) -> None:
    """Send somebody no more mails of a kind, whatever they said of single projects; as that person, for they have the link."""
    user = lock(people().filter(pk=person)).first()
    if user is None:
        return
    actor = user.as_actor()
    stopped = _stopped(kind, kinds_said(user.notification_settings))
    update_profile(person, ProfileChange(notification_settings=NoticeWish(kinds=stopped)), actor=actor)
    for row in lock(Preference.objects.filter(user=person).select_related("project")):
        said = {kind: parts for kind, parts in row.kinds.items() if "mail" in parts}
        here = _stopped(kind, kinds_said(user.notification_settings), row.kinds)
        _say(row, with_kinds(row.kinds, {one: wish for one, wish in here.items() if one in said}), row.project, actor)


def _stopped(kind: str, *said: Said) -> KindWishes:
    """Return the wish that ends a kind of mails; the digest's ends all that are gathered by it."""
    gathered = [one for one in NoticeKind if channels_of(one, *said).mail is MailMode.DIGEST]
    named = gathered if kind == DIGEST else [NoticeKind(kind)]
    return {one.value: ChannelWish(mail=MailMode.OFF.value) for one in named}


def _row_of(project: Project, person: UUID) -> Preference:
    """Return what somebody said of a project, locked: two first wishes at once are one row."""
    lock(User.objects.filter(pk=person)).get()
    found = Preference.objects.filter(user=person, project=project).first()
    if found is not None:
        return found
    at = now()
    return Preference.objects.create(user_id=person, project=project, version=0, created_at=at, updated_at=at)


def _say(row: Preference, kinds: dict[str, object], project: Project, actor: Actor) -> Preference:
    if kinds == row.kinds and row.version:
        return row
    _record(row, kinds, project, actor)
    row.kinds, row.updated_at = kinds, now()
    row.version += 1
    row.save(update_fields=["kinds", "version", "updated_at"])
    return row


def _record(row: Preference, kinds: dict[str, object], project: Project, actor: Actor) -> None:
    event = PreferenceChanged(
        object_id=row.pk,
        version=row.version + 1,
        workspace=project.workspace_id,
        project=project.pk,
        changes={"kinds": (row.kinds, kinds)},
    )
    record(event, actor=actor)

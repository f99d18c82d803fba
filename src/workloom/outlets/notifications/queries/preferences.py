"""What somebody wants to be told of single projects."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from workloom.core.actor import Actor
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.outlets.notifications.models import Preference
from workloom.outlets.notifications.rows import OverrideRow, PreferenceRow
from workloom.people.accounts.queries import people
from workloom.people.accounts.rows import channels_rows
from workloom.people.accounts.rules.notices import Said, kinds_said
from workloom.people.rights.rules import Right
from workloom.work.projects.models import Project
from workloom.work.projects.queries import in_projects
from workloom.work.projects.rows import ProjectBrief
from workloom.work.tasks.queries.nested import project_briefs


def visible_preferences(actor: Actor) -> QuerySet[Preference]:
    """Return the actor's own, of projects that the actor sees."""
    return Preference.objects.filter(in_projects(actor, Right.PROJECT_READ), user=actor.id)


def preference_row(project: Project, actor: Actor) -> PreferenceRow:
    """Show what the actor said of a project, be it nothing."""
    found = Preference.objects.filter(user=actor.id, project=project)
    rows = PREFERENCES.rows(found, Wanted(actor))
    return rows[0] if rows else _row(project.pk, {}, 0, None, said=_said_of([actor.person])[actor.person])


def _said_of(persons: Sequence[UUID]) -> Mapping[UUID, Said]:
    found = people().filter(pk__in=persons).values_list("pk", "notification_settings")
    return {key: kinds_said(settings) for key, settings in found}


def _row(project: UUID | ProjectBrief, kinds: Said, version: int, updated_at: Any, *, said: Said) -> PreferenceRow:
    overrides = {kind: msgspec.convert(parts, OverrideRow) for kind, parts in kinds.items()}
    return PreferenceRow(project, overrides, channels_rows(said, kinds), version, updated_at)


def _rows(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[PreferenceRow]:
    projects = project_briefs(line[1] for line in lines) if "project" in wanted.expand else {}
    said = _said_of([line[0] for line in lines])
    return [
        _row(projects.get(project, project), kinds, version, updated_at, said=said[user])
        for user, project, kinds, version, updated_at in lines
    ]


PREFERENCES = Projection(
    PreferenceRow, ("user_id", "project_id", "kinds", "version", "updated_at"), _rows, expandable=("project",)
)
PREFERENCE_LIST = Listing(
    PREFERENCES,
    orders={"updated_at": Order("updated_at"), "created_at": Order("created_at")},
    default="-updated_at",
)

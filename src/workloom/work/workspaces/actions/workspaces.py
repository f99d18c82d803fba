"""Making, changing and deleting workspaces."""

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from msgspec import UNSET

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict, FieldError
from workloom.core.ids import uuid7
from workloom.events.record import record
from workloom.people.accounts.models import User
from workloom.people.rights.rules import WorkspaceRole
from workloom.work.workspaces.actions.members import add_workspace_member
from workloom.work.workspaces.events import WorkspaceCreated, WorkspaceDeleted, WorkspaceEvent, WorkspaceUpdated
from workloom.work.workspaces.models import Invitation, Workspace, WorkspaceMember
from workloom.work.workspaces.rules import NewWorkspace, WorkspaceChange, search_key, slug_of_deleted, slugs_from

Changes = Mapping[str, tuple[str | None, str | None]]


@write
def create_workspace(wanted: NewWorkspace, *, actor: Actor) -> Workspace:
    """Make a workspace that the actor owns."""
    fresh = _unsaved(wanted.name)
    if wanted.id is not UNSET:
        fresh.pk = wanted.id
    if wanted.slug is not UNSET:
        _refuse_taken_slug(wanted.slug)
        fresh.slug = wanted.slug
        fresh.search_key = search_key(fresh.name, fresh.slug)
        fresh.save(force_insert=True)
    else:
        _save_under_free_slug(fresh, wanted.name)
    return _opened(fresh, actor.person, actor)


@write
def make_personal_workspace(user: User, *, actor: Actor) -> Workspace:
    """Make a person's own workspace; the unique key on `personal_of` lets nobody have two."""
    fresh = _unsaved(user.shown_name)
    fresh.personal_of = user
    _save_under_free_slug(fresh, user.username)
    return _opened(fresh, user.pk, actor)


@write
def update_workspace(workspace: Workspace, wanted: WorkspaceChange, *, actor: Actor) -> Workspace:
    """Change name or slug of a locked workspace."""
    sent = {"name": wanted.name, "slug": wanted.slug}
    changes = {
        name: (getattr(workspace, name), value)
        for name, value in sent.items()
        if value is not UNSET and value != getattr(workspace, name)
    }
    if not changes:
        return workspace
    if "slug" in changes:
        _refuse_taken_slug(str(wanted.slug))
    for name, (_, value) in changes.items():
        setattr(workspace, name, value)
    workspace.search_key = search_key(workspace.name, workspace.slug)
    workspace.version += 1
    workspace.updated_at = now()
    workspace.save(update_fields=[*changes, "search_key", "version", "updated_at"])
    _tell(WorkspaceUpdated, workspace, changes, slug=workspace.slug, actor=actor)
    return workspace


@write
def delete_workspace(workspace: Workspace, *, actor: Actor) -> None:
    """Delete a locked workspace without live projects; raises Conflict for others."""
    if workspace.personal_of_id is not None:
        raise Conflict("personal_workspace", "A personal workspace stays as long as its person.")
    if workspace.projects.filter(trashed_at__isnull=True).exists():
        raise Conflict("workspace_in_use", "This workspace still has projects. Move them to the trash first.")
    slug = workspace.slug
    workspace.slug = slug_of_deleted(slug, workspace.pk)
    workspace.deleted_at = workspace.updated_at = now()
    workspace.version += 1
    workspace.save(update_fields=["slug", "deleted_at", "version", "updated_at"])
    WorkspaceMember.objects.filter(workspace=workspace).delete()
    Invitation.objects.filter(workspace=workspace).delete()
    changes = {"name": (workspace.name, None), "slug": (slug, None)}
    _tell(WorkspaceDeleted, workspace, changes, slug=slug, actor=actor)


def _unsaved(name: str) -> Workspace:
    at = now()
    return Workspace(pk=uuid7(), name=name, created_at=at, updated_at=at)


def _opened(workspace: Workspace, owner: UUID, actor: Actor) -> Workspace:
    changes = {"name": (None, workspace.name), "slug": (None, workspace.slug)}
    _tell(WorkspaceCreated, workspace, changes, slug=workspace.slug, actor=actor)
    add_workspace_member(workspace, owner, WorkspaceRole.OWNER, actor=actor)
    return workspace


def _tell(kind: type[WorkspaceEvent], workspace: Workspace, changes: Changes, *, slug: str, actor: Actor) -> None:
    event = kind(
        object_id=workspace.pk,
        key=slug[:40],
        version=workspace.version,
        workspace=workspace.pk,
        changes=changes,
    )
    record(event, actor=actor)


def _save_under_free_slug(fresh: Workspace, name: str) -> None:
    candidates = list(slugs_from(name, secrets.token_hex(6)))
    taken = set(Workspace.objects.filter(slug__in=candidates).values_list("slug", flat=True))
    free = [slug for slug in candidates if slug not in taken]
    for slug in free[:-1]:
        fresh.slug = slug
        fresh.search_key = search_key(fresh.name, slug)
        try:
            with transaction.atomic():
                fresh.save(force_insert=True)
        except IntegrityError:
            if not Workspace.objects.filter(slug=slug).exists():
                raise
        else:
            return
    fresh.slug = free[-1]
    fresh.search_key = search_key(fresh.name, fresh.slug)
    fresh.save(force_insert=True)


def _refuse_taken_slug(slug: str) -> None:
    if Workspace.objects.filter(slug=slug).exists():
        refusal = Conflict("slug_taken", f"Another workspace has the slug {slug}. Choose another one.")
        refusal.errors = (FieldError("slug", "slug_taken", refusal.detail),)
        raise refusal

"""Making, changing and deleting webhooks, and giving them another secret."""

from typing import Any
from uuid import UUID

from msgspec import UNSET

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import write
from workloom.core.errors import Conflict
from workloom.core.ids import uuid7
from workloom.core.outgoing import configured
from workloom.core.signing import new_secret
from workloom.events.record import record
from workloom.outlets.webhooks.actions.secrets import is_readable, sealed
from workloom.outlets.webhooks.actions.sweep import forget_all
from workloom.outlets.webhooks.actions.switching import fail_waiting
from workloom.outlets.webhooks.events import (
    WebhookCreated,
    WebhookDeleted,
    WebhookEvent,
    WebhookSecretRotated,
    WebhookUpdated,
)
from workloom.outlets.webhooks.models import Webhook
from workloom.outlets.webhooks.rules import MOST_HOOKS, OLD_SECRET_SIGNS, HookWish, NewHook, check_events, host_of

Changes = dict[str, tuple[Any, Any]]


@write
def create_webhook(place: tuple[UUID, UUID | None], wanted: NewHook, *, actor: Actor) -> tuple[Webhook, str]:
    """Make a webhook of a locked workspace or project and return it with its secret, which nothing tells ever again.

    Raises Invalid for a target that is not allowed or an unknown type, Conflict where there are too many.
    """
    workspace, project = place
    if Webhook.objects.filter(workspace=workspace, project=project).count() >= MOST_HOOKS:
        raise Conflict("too_many_webhooks", f"There are {MOST_HOOKS} webhooks here. Delete one that is not needed.")
    secret, at = new_secret(), now()
    hook = Webhook(
        id=uuid7() if wanted.id is UNSET else wanted.id,
        workspace_id=workspace,
        project_id=project,
        owner_id=actor.person,
        url=configured().check(wanted.url).url,
        events=list(check_events(wanted.events)),
        is_active=wanted.is_active,
        secret=sealed(secret),
        created_at=at,
        updated_at=at,
    )
    hook.save(force_insert=True)
    changes: Changes = {name: (None, getattr(hook, name)) for name in ("events", "is_active")}
    record(_event(WebhookCreated, hook, changes | {"url": (None, host_of(hook.url))}), actor=actor)
    return hook, secret


@write
def change_webhook(hook: Webhook, wish: HookWish, *, actor: Actor) -> Webhook:
    """Change a locked webhook; whoever changes it answers for it from then on. Raises Invalid.

    Switched off, it gives up what is queued; switched on, what went wrong before is forgotten.
    """
    changes = _wished(hook, wish)
    if not changes:
        return hook
    if hook.owner_id != actor.person:
        changes["owner"] = (hook.owner_id, actor.person)
        hook.owner_id = actor.person
    if hook.is_active:
        hook.disabled_reason, hook.disabled_at, hook.failing_since = "", None, None
        hook.hangs, hook.resting_until = 0, None
    hook.version += 1
    hook.updated_at = now()
    hook.save()
    if "is_active" in changes and not hook.is_active:
        fail_waiting(hook)
    record(_event(WebhookUpdated, hook, changes), actor=actor)
    return hook


def _wished(hook: Webhook, wish: HookWish) -> Changes:
    changes: Changes = {}
    if wish.url is not UNSET and (url := configured().check(wish.url).url) != hook.url:
        changes["url"] = (host_of(hook.url), host_of(url))
        hook.url = url
    if wish.events is not UNSET and (events := list(check_events(wish.events))) != hook.events:
        changes["events"] = (hook.events, events)
        hook.events = events
    if wish.is_active is not UNSET and wish.is_active != hook.is_active:
        changes["is_active"] = (hook.is_active, wish.is_active)
        hook.is_active = wish.is_active
    return changes


@write
def rotate_secret(hook: Webhook, *, actor: Actor) -> str:
    """Give a locked webhook a new secret and return it; the one before signs too for a day, one before that no more."""
    secret, at = new_secret(), now()
    hook.previous_secret, hook.previous_until = "", None
    if is_readable(hook.secret):
        hook.previous_secret, hook.previous_until = hook.secret, at + OLD_SECRET_SIGNS
    hook.secret = sealed(secret)
    hook.version += 1
    hook.updated_at = at
    hook.save(update_fields=["secret", "previous_secret", "previous_until", "version", "updated_at"])
    record(_event(WebhookSecretRotated, hook, {}), actor=actor)
    return secret


@write
def delete_webhook(hook: Webhook, *, actor: Actor) -> None:
    """Delete a locked webhook with all its deliveries."""
    hook.version += 1
    record(_event(WebhookDeleted, hook, {"url": (host_of(hook.url), None)}), actor=actor)
    forget_all(Webhook.objects.filter(pk=hook.pk))
    hook.delete()


def _event(kind: type[WebhookEvent], hook: Webhook, changes: Changes) -> WebhookEvent:
    return kind(
        object_id=hook.pk, version=hook.version, workspace=hook.workspace_id, project=hook.project_id, changes=changes
    )

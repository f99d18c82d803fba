"""Webhooks and their deliveries, for who manages webhooks where they belong."""

from uuid import UUID

from msgspec import UNSET

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.core.errors import Invalid, Missing
from workloom.outlets.webhooks.models import Delivery, Webhook
from workloom.outlets.webhooks.queries import visible_webhooks
from workloom.outlets.webhooks.rules import NewHook
from workloom.people.rights.rules import Right
from workloom.work.projects.access import access_project
from workloom.work.workspaces.access import access_workspace


def access_webhook(actor: Actor, webhook_id: UUID, *, lock: bool = False) -> Webhook:
    """Return a webhook that the actor manages; others do not see it. Raises Missing."""
    found = visible_webhooks(actor).filter(pk=webhook_id)
    hook = (locked(found) if lock else found).first()
    if hook is None:
        raise Missing
    return hook


def access_delivery(actor: Actor, webhook_id: UUID, delivery_id: UUID, *, lock: bool = False) -> Delivery:
    """Return a delivery of a webhook that the actor manages, locked with it if at all; raises Missing."""
    hook = access_webhook(actor, webhook_id, lock=lock)
    delivery = Delivery.objects.filter(webhook=hook, pk=delivery_id).first()
    if delivery is None:
        raise Missing
    delivery.webhook = hook
    return delivery


def access_place(actor: Actor, wanted: NewHook) -> tuple[UUID, UUID | None]:
    """Return the workspace and the project to which a webhook is to belong.

    Raises Invalid on the field for what is not seen or not said, Forbidden for what is seen.
    """
    project = None if wanted.project is UNSET else wanted.project
    workspace = None if wanted.workspace is UNSET else wanted.workspace
    if project is None:
        return _workspace(actor, workspace), None
    try:
        found = access_project(actor, project, Right.WEBHOOK_MANAGE, lock=True)
    except Missing as error:
        raise Invalid("project", "unknown_project", "There is no such project that you may see.") from error
    if workspace not in {None, found.workspace_id}:
        raise Invalid("workspace", "contradiction", "The project is in another workspace. Send project alone.")
    return found.workspace_id, found.pk


def _workspace(actor: Actor, workspace: UUID | None) -> UUID:
    if workspace is None:
        detail = "Send project, or workspace for the events of all its projects."
        raise Invalid("project", "required", detail)
    try:
        return access_workspace(actor, workspace, Right.WEBHOOK_MANAGE, lock=True).pk
    except Missing as error:
        raise Invalid("workspace", "unknown_workspace", "There is no such workspace that you may see.") from error

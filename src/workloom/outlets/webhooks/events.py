"""What the log says of webhooks; of a target it has the host alone, for paths often hold keys."""

from typing import ClassVar

from workloom.events.record import Audience, Event


class WebhookEvent(Event):
    """Seen by who administers the project or workspace."""

    object_type: ClassVar[str] = "webhook"
    audience: ClassVar[Audience] = Audience.ADMINS


class WebhookCreated(WebhookEvent):
    """A webhook was made: `url` (its host alone), `events`, `is_active`."""

    type: ClassVar[str] = "webhook.created"


class WebhookUpdated(WebhookEvent):
    """A webhook sends elsewhere, something else, or (not) any more: `url` (its host alone), `events`, `is_active`, `owner`."""

    type: ClassVar[str] = "webhook.updated"


class WebhookDeleted(WebhookEvent):
    """A webhook went, with its deliveries: `url` (its host alone)."""

    type: ClassVar[str] = "webhook.deleted"


class WebhookSecretRotated(WebhookEvent):
    """A webhook has a new secret; the one before it signs for another day."""

    type: ClassVar[str] = "webhook.secret_rotated"


class WebhookDisabled(WebhookEvent):
    """A webhook was switched off by itself: `is_active`, `disabled_reason` (failing, gone, owner_left), `url` (its host alone)."""

    type: ClassVar[str] = "webhook.disabled"

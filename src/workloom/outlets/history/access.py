"""The audit log by the right that it needs."""

from workloom.core.actor import Actor
from workloom.core.errors import Forbidden
from workloom.events.queries import LogRows
from workloom.outlets.history.queries.audit import audited_events, audits_anything
from workloom.people.rights.rules import Right


def access_audit(actor: Actor) -> LogRows:
    """Return the events that the actor may audit; raises Forbidden for who administers nothing."""
    if not audits_anything(actor):
        raise Forbidden(
            detail="The audit log is for who administers a project or a workspace.", needs=str(Right.AUDIT_READ)
        )
    return audited_events(actor)

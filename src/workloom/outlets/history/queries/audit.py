"""The audit log: everything that happened where the actor administers."""

from workloom.core.actor import Actor
from workloom.events.queries import LogRows, log_rows
from workloom.outlets.history.queries.projection import with_audit
from workloom.outlets.history.queries.seen import audited, sees_all
from workloom.people.rights.rules import Right
from workloom.work.projects.models import Project
from workloom.work.projects.queries import held
from workloom.work.workspaces.queries import workspaces_with


def audits_anything(actor: Actor) -> bool:
    """Tell whether there is a project or a workspace of which the actor reads the audit log."""
    if sees_all(actor) or workspaces_with(actor, Right.AUDIT_READ).exists():
        return True
    return Project.objects.filter(held(actor, Right.AUDIT_READ)).exists()


def audited_events(actor: Actor) -> LogRows:
    """Return the events, numbered or not, of everything that the actor administers."""
    return with_audit(log_rows().filter(audited(actor)), audited(actor))

"""People by what you need of them."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.db import lock
from workloom.core.errors import Missing
from workloom.people.accounts.models import User
from workloom.people.rights.rules import Right, demand_personal
from workloom.work.directory.queries import visible_people
from workloom.work.workspaces.access import demand_unlimited


def access_person(actor: Actor, person: UUID) -> User:
    """Return somebody whom the actor sees; raises Missing."""
    found = visible_people(actor).filter(pk=person).first()
    if found is None:
        raise Missing
    return found


def access_person_to_operate(actor: Actor, person: UUID) -> User:
    """Return a person, locked, to who operates the installation; raises Missing for who is not seen, Forbidden for others.

    One's own account is changed by oneself alone: no token does that.
    """
    user = access_person(actor, person)
    demand_personal(actor, Right.OPERATE)
    if user.pk == actor.id:
        demand_personal(actor, Right.ACCOUNT_EDIT)
    demand_unlimited(actor)
    return lock(User.objects.filter(pk=user.pk)).get()

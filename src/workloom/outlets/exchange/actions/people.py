"""Who is meant: members known by their address, for everybody else a placeholder."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.text import fold
from workloom.outlets.exchange.models import Import, LedgerEntry, Noun
from workloom.outlets.exchange.plan import Person
from workloom.outlets.exchange.queries import known_targets
from workloom.people.accounts.actions import create_placeholder
from workloom.people.accounts.queries import people
from workloom.people.rights.rules import Right, Role
from workloom.work.projects.access import rights_on
from workloom.work.projects.actions import add_member
from workloom.work.projects.models import Project
from workloom.work.projects.queries import people_in


def seat_people(work: Import, project: Project, named: Sequence[Person], *, actor: Actor) -> dict[str, UUID]:
    """Return a user for each person of the file, as in earlier imports, by address among members, or new without an account."""
    found = known_targets(project.pk, work.kind, Noun.PERSON, (person.source_id for person in named))
    fresh = [person for person in named if person.source_id not in found]
    members = _members_by_address(project, fresh, actor)
    entries = []
    for person in fresh:
        target = members.get(fold(person.email))
        is_new = target is None
        if target is None:
            target = create_placeholder(person.name, username=person.username, actor=actor).pk
            add_member(project, target, Role.GUEST, actor=actor)
        found[person.source_id] = target
        entries.append(
            LedgerEntry(
                project=project,
                kind=work.kind,
                noun=Noun.PERSON,
                source_id=person.source_id,
                target=target,
                is_new=is_new,
                made_by=work,
            )
        )
    LedgerEntry.objects.bulk_create(entries, batch_size=500)
    return found


def _members_by_address(project: Project, named: Iterable[Person], actor: Actor) -> dict[str, UUID]:
    """Only members are matched: an import must not tell whether strangers have an account.

    Who does not manage members speaks for nobody else, as with placeholders: others claim what is theirs.
    """
    keys = {fold(person.email) for person in named if person.email}
    accounts = dict(people().filter(email_key__in=keys, is_active=True).values_list("email_key", "pk"))
    inside = people_in(project, accounts.values())
    if Right.MEMBER_MANAGE not in rights_on(actor, project.pk, project):
        inside &= {actor.person}
    return {str(key): user for key, user in accounts.items() if user in inside}

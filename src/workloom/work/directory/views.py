"""The doors to people."""

from uuid import UUID

from django.http import HttpResponse
from msgspec import UNSET
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.core.wanted import sent_fields
from workloom.events.queries import fields_touched_since
from workloom.people.accounts.actions import change_role, set_active
from workloom.people.accounts.models import User, UserRole
from workloom.people.accounts.rows import UserRow
from workloom.work.directory.access import access_person, access_person_to_operate
from workloom.work.directory.queries import PEOPLE, PERSON, visible_people
from workloom.work.directory.serializers import PersonIn


class PeopleEndpoint(Endpoint):
    """Everybody whom one may see."""

    @operation("List people", listing=PEOPLE, reply=UserRow)
    def get(self, request: Request) -> HttpResponse:
        """Answers who shares a project or a workspace with you; to admins of the installation everybody.

        Guests of a workspace see those with whom they share a project. People whom an import named are listed too:
        they have no address and are not active.
        """
        return self.page(PEOPLE, visible_people(self.actor))


class PersonEndpoint(Endpoint):
    """One person."""

    @operation("Read a person", shows=PERSON, errors=(404,))
    def get(self, request: Request, user_id: UUID) -> HttpResponse:
        """Answers somebody whom you may see."""
        person = access_person(self.actor, user_id)
        return self.show(PERSON, person)

    @operation("Change a person", body=PersonIn, shows=PERSON, errors=(403, 404, 409, 412))
    def patch(self, request: Request, user_id: UUID) -> HttpResponse:
        """Changes somebody's role in the installation, or lets them in or out; for admins of the installation."""
        return self._change(user_id)

    @operation("Set a person's role and state", body=PersonIn, shows=PERSON, errors=(403, 404, 409, 412))
    def put(self, request: Request, user_id: UUID) -> HttpResponse:
        """As PATCH: fields that are absent keep their values."""
        return self._change(user_id)

    def _change(self, user_id: UUID) -> HttpResponse:
        person = access_person_to_operate(self.actor, user_id)
        wanted = self.parse(PersonIn, current=lambda: self._row(user_id))
        self.guard(
            person.version,
            lambda: self._row(user_id),
            sent=sent_fields(wanted),
            touched=lambda version: fields_touched_since(user_id, version),
        )
        if wanted.role is not UNSET:
            change_role(user_id, UserRole(wanted.role), actor=self.actor)
        if wanted.is_active is not UNSET:
            set_active(user_id, active=wanted.is_active, actor=self.actor)
        return self.show(PERSON, User.objects.filter(pk=user_id))

    def _row(self, user_id: UUID) -> UserRow:
        return PERSON.one(User.objects.filter(pk=user_id), Wanted(self.actor))

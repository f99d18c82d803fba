"""The doors to what one wants to be told, and the link in every mail that ends its kind."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.template.loader import render_to_string
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.outlets.notifications.access import access_mails, access_preference
from workloom.outlets.notifications.actions import drop_preference, set_preference, stop_mails
from workloom.outlets.notifications.queries.preferences import PREFERENCE_LIST, preference_row, visible_preferences
from workloom.outlets.notifications.rows import PreferenceRow
from workloom.outlets.notifications.rules.words import page_words
from workloom.outlets.notifications.serializers import PreferenceIn
from workloom.people.rights.rules import Right, demand_personal


class PreferenceList(Endpoint):
    """Projects of which one wants to be told otherwise."""

    @operation("List notification preferences", listing=PREFERENCE_LIST, reply=PreferenceRow, errors=(403,))
    def get(self, request: Request) -> HttpResponse:
        """The projects for which you said something else than in `notification_settings` of your profile."""
        demand_personal(self.actor, Right.ACCOUNT_READ)
        return self.page(PREFERENCE_LIST, visible_preferences(self.actor))


class PreferenceItem(Endpoint):
    """What one wants to be told of one project."""

    @operation("Get notification preferences", reply=PreferenceRow, errors=(403, 404))
    def get(self, request: Request, project_id: UUID) -> HttpResponse:
        """What you said of the project, be it nothing, and what holds with your profile."""
        project = access_preference(self.actor, project_id, Right.ACCOUNT_READ)
        return self.reply(preference_row(project, self.actor))

    @operation("Change notification preferences", body=PreferenceIn, reply=PreferenceRow, errors=(403, 404, 412))
    def patch(self, request: Request, project_id: UUID) -> HttpResponse:
        """Changes the kinds and channels that are sent; null takes back what was said of a kind."""
        return self._write(project_id, anew=False)

    @operation("Replace notification preferences", body=PreferenceIn, reply=PreferenceRow, errors=(403, 404, 412))
    def put(self, request: Request, project_id: UUID) -> HttpResponse:
        """What is sent is all that differs from your profile."""
        return self._write(project_id, anew=True)

    @operation("Delete notification preferences", status=204, errors=(403, 404, 412))
    def delete(self, request: Request, project_id: UUID) -> HttpResponse:
        """Your profile holds for the project again."""
        project = access_preference(self.actor, project_id, Right.ACCOUNT_EDIT)
        present = preference_row(project, self.actor)
        self.guard(present.version, lambda: present)
        drop_preference(project, actor=self.actor)
        return self.done()

    def _write(self, project_id: UUID, *, anew: bool) -> HttpResponse:
        project = access_preference(self.actor, project_id, Right.ACCOUNT_EDIT)
        present = preference_row(project, self.actor)
        wanted = self.parse(PreferenceIn, current=lambda: present)
        self.guard(present.version, lambda: present)
        set_preference(project, wanted.kinds, anew=anew, actor=self.actor)
        return self.reply(preference_row(project, self.actor))


class Unsubscribe(Endpoint):
    """The link at the end of a mail, which needs no account: whoever holds the mail may end its kind."""

    public: ClassVar[bool] = True
    keyed: ClassVar[bool] = False
    authentication_classes = ()

    @operation("Show the way out of a kind of mails", errors=(404,))
    def get(self, request: Request, ticket: str) -> HttpResponse:
        """A page that asks; mail scanners open links, so looking changes nothing."""
        user, kind = access_mails(ticket)
        return _page({"words": page_words(user.locale, kind), "locale": user.locale, "is_done": False})

    @operation("Stop mails of a kind", errors=(404,))
    def post(self, request: Request, ticket: str) -> HttpResponse:
        """One click (RFC 8058), by the page or by a mail program; nothing in the body is looked at."""
        user, kind = access_mails(ticket)
        stop_mails(user.pk, kind)
        return _page({"words": page_words(user.locale, kind), "locale": user.locale, "is_done": True})


def _page(values: dict[str, object]) -> HttpResponse:
    return HttpResponse(
        render_to_string("notifications/unsubscribe.html", values), content_type="text/html; charset=utf-8"
    )

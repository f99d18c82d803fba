"""What people want to be told of single projects, and the one click that ends mails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_project
from tests.log import recorded
from tests.outlets.notifications.hearing import say
from workloom.core.clock import now
from workloom.core.mail.unsubscribing import unsubscribe_link, unsubscribe_token
from workloom.outlets.notifications.models import Preference
from workloom.people.accounts.models import User
from workloom.work.projects.models import ProjectMember

LIST = "/api/v1/notifications/preferences/"
UNSUBSCRIBE = "/api/v1/notifications/unsubscribe"


@pytest.fixture
def path(cast: Cast) -> str:
    return f"{LIST}{cast.project.pk}/"


class TestOfProjects:
    def test_nothing_was_said_at_first(self, api: Api, cast: Cast, path: str) -> None:
        shown = api.as_(cast.viewer).get(path).json()
        assert (shown["project"], shown["kinds"], shown["version"]) == (str(cast.project.pk), {}, 0)
        assert shown["effective"]["commented"] == {"in_app": True, "mail": "digest"}
        assert api.as_(cast.viewer).get(LIST).json()["results"] == []

    def test_patch_merges_put_replaces_delete_forgets(self, api: Api, cast: Cast, path: str) -> None:
        member = api.as_(cast.member)
        member.patch(path, {"kinds": {"commented": {"mail": "now"}, "assigned": {"in_app": False}}})
        merged = member.patch(path, {"kinds": {"commented": {"in_app": False}, "assigned": None}}).json()
        assert (merged["kinds"], merged["version"]) == ({"commented": {"in_app": False, "mail": "now"}}, 2)
        assert merged["effective"]["commented"] == {"in_app": False, "mail": "now"}
        replaced = member.put(path, {"kinds": {"overdue": {"mail": "off"}}}).json()
        assert (replaced["kinds"], replaced["version"]) == ({"overdue": {"mail": "off"}}, 3)
        assert [row["kinds"] for row in member.get(LIST).json()["results"]] == [{"overdue": {"mail": "off"}}]
        assert member.delete(path).status_code == 204
        assert member.delete(path).status_code == 204
        assert member.get(path).json()["kinds"] == {}
        assert [name for name, _ in recorded()] == ["notification_preference.changed"] * 4

    def test_the_same_again_changes_nothing(self, api: Api, cast: Cast, path: str) -> None:
        member = api.as_(cast.member)
        first, again = (member.patch(path, {"kinds": {"overdue": {"mail": "off"}}}).json() for _ in range(2))
        assert first == again
        assert len(recorded()) == 1

    def test_it_lies_over_the_profile(self, api: Api, cast: Cast, path: str) -> None:
        say(cast.member, mail="off", in_app=False, kinds=("assigned",))
        shown = api.as_(cast.member).patch(path, {"kinds": {"assigned": {"mail": "now"}}}).json()
        assert shown["effective"]["assigned"] == {"in_app": False, "mail": "now"}
        assert api.as_(cast.member).get("/api/v1/auth/profile/").json()["notification_settings"]["kinds"][
            "assigned"
        ] == {
            "in_app": False,
            "mail": "off",
        }

    def test_a_stale_version_is_refused(self, api: Api, cast: Cast, path: str) -> None:
        member = api.as_(cast.member)
        for _ in range(2):
            reply = member.patch(path, {"kinds": {"overdue": {"mail": "off"}}}, headers={"If-Match": '"0"'})
        assert (reply.status_code, reply.json()["current"]["version"]) == (412, 1)

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"kinds": {"asigned": {}}}, "kinds.asigned"),
            ({"kinds": {"assigned": {"mail": "x"}}}, "kinds.assigned.mail"),
            ({"kinds": []}, "kinds"),
            ({"kind": {}}, "kind"),
        ],
    )
    def test_what_is_not_known_is_refused(
        self, api: Api, cast: Cast, path: str, body: dict[str, Any], field: str
    ) -> None:
        for send in (api.as_(cast.member).patch, api.as_(cast.member).put):
            reply = send(path, body)
            assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, field)
        assert Preference.objects.count() == 0

    def test_only_of_projects_that_one_sees(self, api: Api, cast: Cast, path: str) -> None:
        assert api.as_(cast.outsider).patch(path, {"kinds": {}}).status_code == 404
        member = api.as_(cast.member)
        member.patch(path, {"kinds": {"overdue": {"mail": "off"}}})
        ProjectMember.objects.filter(user=cast.member).delete()
        assert member.get(LIST).json()["results"] == []
        assert member.get(path).status_code == 404

    def test_a_longer_list_costs_no_more_queries(self, api: Api, cast: Cast) -> None:
        def cost(count: int) -> tuple[int, int]:
            for _ in range(count):
                project = make_project(cast.admin, cast.workspace)
                at = now()
                Preference.objects.create(user=cast.admin, project=project, created_at=at, updated_at=at)
            caller = api.as_(cast.admin)
            with CaptureQueriesContext(connection) as captured:
                answer = caller.get(LIST, {"page_size": 200, "expand": "project"})
            return len(captured), len(answer.json()["results"])

        few, many = cost(3), cost(30)
        assert (many[0], many[1]) == (few[0], 33)


class TestUnsubscribe:
    @pytest.fixture
    def settings_of(self, cast: Cast) -> Callable[[], dict[str, Any]]:
        def read() -> dict[str, Any]:
            cast.member.refresh_from_db()
            kinds: dict[str, Any] = cast.member.notification_settings.get("kinds", {})
            return kinds

        return read

    def url(self, person: User, kind: str = "assigned") -> str:
        return f"{UNSUBSCRIBE}/{unsubscribe_token(person.pk, kind)}/"

    def test_the_link_in_a_mail_leads_here(self, cast: Cast) -> None:
        assert unsubscribe_link(cast.member.pk, "assigned").endswith(self.url(cast.member))

    def test_looking_asks_and_changes_nothing(self, cast: Cast, settings_of: Callable[[], dict[str, Any]]) -> None:
        page = Client().get(self.url(cast.member))
        assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "a task was assigned to you" in page.content.decode()
        assert 'method="post"' in page.content.decode()
        assert (settings_of(), recorded()) == ({}, [])

    def test_one_click_of_a_mail_program_ends_the_kind(
        self, cast: Cast, settings_of: Callable[[], dict[str, Any]]
    ) -> None:
        """As RFC 8058 has it: a POST of a form, without cookies and without anybody signed in."""
        client = Client(enforce_csrf_checks=True)
        for _ in range(2):
            done = client.post(self.url(cast.member), {"List-Unsubscribe": "One-Click"})
            assert done.status_code == 200, done.content
        assert settings_of() == {"assigned": {"mail": "off"}}
        assert [name for name, _ in recorded()] == ["person.updated"]

    def test_projects_of_which_something_was_said_are_no_way_around(
        self, api: Api, cast: Cast, settings_of: Callable[[], dict[str, Any]]
    ) -> None:
        kinds = {"assigned": {"mail": "now", "in_app": True}, "overdue": {"mail": "now"}}
        api.as_(cast.member).put(f"{LIST}{cast.project.pk}/", {"kinds": kinds})
        Client().post(self.url(cast.member))
        assert settings_of() == {"assigned": {"mail": "off"}}
        assert Preference.objects.get().kinds == {
            "assigned": {"in_app": True, "mail": "off"},
            "overdue": {"mail": "now"},
        }

    def test_of_the_digest_it_ends_all_that_it_gathers(
        self, cast: Cast, settings_of: Callable[[], dict[str, Any]]
    ) -> None:
        say(cast.member, mail="digest", kinds=("overdue",))
        Client().post(self.url(cast.member, "digest"))
        assert settings_of() == {"overdue": {"mail": "off"}, "commented": {"mail": "off"}}

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_any_other_link_is_a_404(self, cast: Cast, method: str) -> None:
        good = unsubscribe_token(cast.member.pk, "assigned")
        for ticket in ("x", good[:-1], good + "x", unsubscribe_token(cast.member.pk, "tests"), good.swapcase()):
            reply = getattr(Client(), method)(f"{UNSUBSCRIBE}/{ticket}/")
            assert (reply.status_code, reply["Content-Type"]) == (404, "application/problem+json")
        assert recorded() == []

    def test_in_the_language_of_its_person(self, cast: Cast) -> None:
        User.objects.filter(pk=cast.member.pk).update(locale="de")
        assert "Keine solchen Mails mehr" in Client().get(self.url(cast.member)).content.decode()

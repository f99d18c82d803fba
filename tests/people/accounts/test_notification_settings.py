from collections.abc import Callable
from typing import Any

import pytest

from tests.api import Api
from tests.factories import make_user
from workloom.people.accounts.models import User
from workloom.people.accounts.rules.notices import (
    Channels,
    ChannelWish,
    MailMode,
    NoticeKind,
    NoticeWish,
    QuietHours,
    channels_of,
    digest_hour,
    quiet_hours,
    reminder_hour,
    with_kinds,
    with_wish,
)

PROFILE = "/api/v1/auth/profile/"


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada", name="Ada")


class TestRules:
    def test_what_matters_most_is_mailed_at_once_and_status_changes_never(self) -> None:
        found = {kind.value: channels_of(kind).mail.value for kind in NoticeKind}
        at_once = ("assigned", "mentioned", "due_soon", "overdue", "sla_breached", "sla_warning")
        assert found == {**dict.fromkeys(at_once, "now"), "commented": "digest", "status_changed": "off"}
        assert all(channels_of(kind).in_app for kind in NoticeKind)

    def test_what_was_said_last_counts_part_by_part(self) -> None:
        mine, of_project = {"commented": {"in_app": False, "mail": "now"}}, {"commented": {"mail": "off"}}
        assert channels_of(NoticeKind.COMMENTED, mine) == Channels(in_app=False, mail=MailMode.NOW)
        assert channels_of(NoticeKind.COMMENTED, mine, of_project).is_silent
        assert channels_of(NoticeKind.ASSIGNED, mine, of_project) == Channels(in_app=True, mail=MailMode.NOW)

    def test_a_wish_changes_what_it_names_and_none_takes_back(self) -> None:
        said = with_kinds({"assigned": {"in_app": False}}, {"assigned": ChannelWish(mail="off")})
        assert said == {"assigned": {"in_app": False, "mail": "off"}}
        assert with_kinds(said, {"assigned": None}) == {}
        assert with_kinds(said, {"assigned": ChannelWish()}) == said

    def test_settings_are_merged_and_only_what_was_said_is_kept(self) -> None:
        said = with_wish({}, NoticeWish(digest_hour=18, quiet_hours=QuietHours("22:00", "07:00")))
        assert said == {"digest_hour": 18, "quiet_hours": {"from": "22:00", "to": "07:00"}}
        assert (digest_hour(said), reminder_hour(said)) == (18, 9)
        assert quiet_hours(said) == QuietHours("22:00", "07:00")
        assert with_wish(said, NoticeWish(digest_hour=None, quiet_hours=None)) == {}
        assert with_wish({}, NoticeWish(kinds={"assigned": ChannelWish(in_app=True, mail="now")}, digest_hour=8)) == {}


def test_the_profile_shows_the_whole_of_it(api: Api, ada: User) -> None:
    shown = api.as_(ada).get(PROFILE).json()["notification_settings"]
    assert (shown["digest_hour"], shown["reminder_hour"], shown["quiet_hours"]) == (8, 9, None)
    assert shown["kinds"]["commented"] == {"in_app": True, "mail": "digest"}
    assert set(shown["kinds"]) == {kind.value for kind in NoticeKind}


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_named_keys_are_merged_and_the_rest_stays(
    api: Api, ada: User, method: str, recorded: Callable[[], list[str]]
) -> None:
    caller = api.as_(ada)
    caller.patch(PROFILE, {"notification_settings": {"kinds": {"assigned": {"in_app": False}}, "reminder_hour": 7}})
    sent = {"kinds": {"assigned": {"mail": "Digest"}}, "quiet_hours": {"from": "22:00", "to": "07:00"}}
    reply = caller.send(method, PROFILE, {"notification_settings": sent})
    shown = reply.json()["notification_settings"]
    assert reply.status_code == 200, reply.content
    assert shown["kinds"]["assigned"] == {"in_app": False, "mail": "digest"}
    assert (shown["reminder_hour"], shown["quiet_hours"]) == (7, {"from": "22:00", "to": "07:00"})
    ada.refresh_from_db()
    assert (ada.reminder_hour, ada.version) == (7, 3)
    assert recorded() == ["person.updated", "person.updated"]


def test_the_same_again_changes_nothing(api: Api, ada: User, recorded: Callable[[], list[str]]) -> None:
    caller = api.as_(ada)
    for _ in range(2):
        reply = caller.patch(PROFILE, {"notification_settings": {"kinds": {"mentioned": {"mail": "off"}}}})
    assert reply.json()["version"] == 2
    assert recorded() == ["person.updated"]


def test_null_goes_back_to_what_holds_when_nothing_is_said(api: Api, ada: User) -> None:
    caller = api.as_(ada)
    caller.patch(PROFILE, {"notification_settings": {"kinds": {"assigned": {"mail": "off"}}, "digest_hour": 3}})
    reply = caller.patch(PROFILE, {"notification_settings": {"kinds": {"assigned": None}, "digest_hour": None}})
    assert reply.json()["notification_settings"]["kinds"]["assigned"]["mail"] == "now"
    assert reply.json()["notification_settings"]["digest_hour"] == 8
    ada.refresh_from_db()
    assert ada.notification_settings == {}


@pytest.mark.parametrize(
    ("sent", "field", "code", "named"),
    [
        ({"kind": {}}, "notification_settings.kind", "unknown_field", "kinds"),
        ({"kinds": {"asigned": {}}}, "notification_settings.kinds.asigned", "unknown_field", "assigned"),
        ({"kinds": {"assigned": {"sms": True}}}, "notification_settings.kinds.assigned.sms", "unknown_field", "in_app"),
        ({"kinds": {"assigned": {"mail": "daily"}}}, "notification_settings.kinds.assigned.mail", "choice", "digest"),
        ({"kinds": {"assigned": {"in_app": 1}}}, "notification_settings.kinds.assigned.in_app", "invalid", "true"),
        ({"digest_hour": 24}, "notification_settings.digest_hour", "max_value", "23"),
        ({"digest_hour": "8"}, "notification_settings.digest_hour", "invalid", "23"),
        ({"reminder_hour": True}, "notification_settings.reminder_hour", "invalid", "23"),
        ({"quiet_hours": {"from": "22:00"}}, "notification_settings.quiet_hours.to", "required", ""),
        ({"quiet_hours": {"from": "22", "to": "7"}}, "notification_settings.quiet_hours.from", "clock", "HH:MM"),
        (
            {"quiet_hours": {"from": "07:00", "to": "07:00"}},
            "notification_settings.quiet_hours.to",
            "contradiction",
            "",
        ),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(
    api: Api, ada: User, sent: dict[str, Any], field: str, code: str, named: str, recorded: Callable[[], list[str]]
) -> None:
    reply = api.as_(ada).patch(PROFILE, {"name": "Else", "notification_settings": sent})
    assert reply.status_code == 400, reply.content
    error = reply.json()["errors"][0]
    assert (error["field"], error["code"]) == (field, code)
    assert named in error["detail"]
    ada.refresh_from_db()
    assert (ada.name, ada.notification_settings) == ("Ada", {})
    assert recorded() == []

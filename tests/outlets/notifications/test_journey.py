"""The whole way: from a request through log, consumer, ledger and queue to a mail server, and back by the link in the mail."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.api import Api
from tests.cast import Cast
from tests.core.mail.smtp_server import mail_server
from tests.draining import drain
from workloom.core.clock import frozen, now
from workloom.core.mail.models import Mail, MailState
from workloom.outlets.notifications.actions import send_digests
from workloom.people.accounts.models import User

API = "/api/v1"


def test_an_assignment_a_mention_and_a_comment(api: Api, cast: Cast) -> None:
    drain()
    admin, member = api.as_(cast.admin), api.as_(cast.member)
    with mail_server() as inbox:
        body = {"title": "Proofread", "project": str(cast.project.pk), "assignees": [str(cast.member.pk)]}
        task = admin.post(f"{API}/tasks/", body).json()["key"]
        admin.post(f"{API}/tasks/{task}/comments/", {"body": "@member what do you say?"})
        member.post(f"{API}/tasks/{task}/comments/", {"body": "Done tomorrow"})
        drain()
        with frozen(now() + timedelta(days=1)):
            send_digests()
            drain()
    first, second, digest = inbox.messages()
    assert [message["To"] for message in (first, second)] == ["Member <member@example.org>"] * 2
    assert first["Subject"] == second["Subject"] == "NEAR-1 Proofread"
    assert second["References"] == first["References"]
    assert (digest["To"], digest["Subject"]) == ("Admin <admin@example.org>", "Your day in Workloom: 1 unread")
    assert Mail.objects.filter(state=MailState.SENT).count() == Mail.objects.count() == 3
    kinds = [row["kind"] for row in member.get(f"{API}/notifications/").json()["results"]]
    assert sorted(kinds) == ["assigned", "mentioned"]

    link = first["List-Unsubscribe"].strip("<>")
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Client().post(urlsplit(link).path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    shown = member.get(f"{API}/auth/profile/").json()["notification_settings"]["kinds"]
    assert (shown["assigned"]["mail"], shown["mentioned"]["mail"]) == ("off", "now")


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": None, "email_key": None}])
def test_what_nobody_can_get_any_more_is_dropped_and_not_sent(
    api: Api, cast: Cast, change: dict[str, bool | None]
) -> None:
    drain()
    with mail_server() as inbox:
        body = {"title": "Proofread", "project": str(cast.project.pk), "assignees": [str(cast.member.pk)]}
        quiet = {"quiet_hours": {"from": "11:00", "to": "13:00"}}
        User.objects.filter(pk=cast.member.pk).update(notification_settings=quiet)
        with frozen(now().replace(hour=12)):
            api.as_(cast.admin).post(f"{API}/tasks/", body)
            drain()
        assert (Mail.objects.get().state, inbox.messages()) == (MailState.QUEUED, [])
        User.objects.filter(pk=cast.member.pk).update(**change)
        with frozen(now() + timedelta(days=2)):
            drain()
    assert (Mail.objects.get().state, inbox.messages()) == (MailState.DROPPED, [])

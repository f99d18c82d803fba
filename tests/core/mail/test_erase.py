from datetime import timedelta

import pytest

from tests.core.mail.smtp_server import Inbox, mail_server
from tests.factories import make_operator, make_user
from workloom.core.clock import frozen, now
from workloom.core.mail.actions import forget_old_mails
from workloom.core.mail.models import Mail
from workloom.events.jobs import run_due
from workloom.events.post import post, post_to_address
from workloom.people.accounts.actions import anonymise_user

pytestmark = pytest.mark.django_db


def test_who_is_anonymised_leaves_the_ledger_and_gets_nothing_more() -> None:
    ada, boss = make_user("ada"), make_operator("boss")
    inbox = Inbox()
    inbox.at_rcpt.extend(["550 No <ada@example.org> here", "450 ada@example.org is full"])
    with mail_server(inbox):
        for key in ("refused", "deferred"):
            post("test", person_id=ada.pk, args={"about": "x"}, key=key)
            run_due(lane="mail")
        post_to_address("test", address="ADA@example.org", key="bare")
        other = post_to_address("test", address="grace@example.org", key="other")
        assert other is not None
        run_due(lane="mail")
        post("test", person_id=ada.pk, args={"about": "x"}, key="waiting")
        anonymise_user(ada.pk, actor=boss.as_actor())
        with frozen(now() + timedelta(hours=2)):
            run_due(lane="mail")
    theirs = Mail.objects.exclude(pk=other)
    assert set(theirs.values_list("address", "server_words")) == {("", "")}
    assert [row.args for row in theirs] == [{}] * 4
    assert sorted(theirs.values_list("key", "state")) == [
        ("bare", "sent"),
        ("deferred", "dropped"),
        ("refused", "failed"),
        ("waiting", "dropped"),
    ]
    assert Mail.objects.get(pk=other).address == "grace@example.org"
    assert len(inbox.taken) == 2


def test_settled_mails_are_forgotten_after_90_days() -> None:
    post_to_address("test", address="ada@example.org", key="old")
    run_due(lane="mail")
    with frozen(now() + timedelta(days=89)):
        post_to_address("test", address="ada@example.org", key="waiting")
        assert forget_old_mails() == 0
    with frozen(now() + timedelta(days=91)):
        assert forget_old_mails() == 1
    assert Mail.objects.get().key == "waiting"

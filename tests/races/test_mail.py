import pytest

from tests.core.mail.smtp_server import mail_server
from tests.factories import make_user
from tests.races.together import at_once
from workloom.core.mail.models import Mail
from workloom.core.mail.sending import send_mails
from workloom.events.jobs import run_due
from workloom.events.post import post, post_to_address

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_one_key_posts_one_mail() -> None:
    person = make_user()
    posted = at_once([lambda: post("test", person_id=person.pk, args={}, key="same")] * 8)
    assert sum(mail is not None for mail in posted) == 1
    assert Mail.objects.count() == 1


def test_workers_at_once_send_each_mail_once() -> None:
    with mail_server() as inbox:
        mails = [post_to_address("test", address=f"p{n}@example.org", key=f"k{n}") for n in range(12)]
        at_once([lambda: run_due(lane="mail"), *[lambda: [send_mails(mail) for mail in mails if mail]] * 3])
    assert sorted(envelope.rcpt_tos[0] for envelope in inbox.taken) == sorted(f"p{n}@example.org" for n in range(12))
    assert set(Mail.objects.values_list("state", "attempts")) == {("sent", 1)}

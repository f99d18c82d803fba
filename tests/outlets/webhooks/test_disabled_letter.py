"""The mail to the admins when a webhook was switched off."""

from typing import Any

from tests.cast import Cast
from tests.outlets.webhooks.hooking import make_hook
from tests.outlets.webhooks.receiving import Receiver
from workloom.core.mail.letters import write_letter
from workloom.core.mail.models import Mail
from workloom.outlets.webhooks.actions import LETTER, switch_off
from workloom.outlets.webhooks.models import Webhook
from workloom.people.accounts.models import User


def addressed() -> set[Any]:
    return set(Mail.objects.filter(kind=LETTER).values_list("person_id", flat=True))


def test_every_admin_of_the_project_is_written_to_once(cast: Cast, receiver: Receiver) -> None:
    User.objects.filter(pk=cast.workspace_admin.pk).update(is_active=False)
    hook = make_hook(cast, receiver)
    switch_off(hook.row, "failing")
    switch_off(hook.row, "failing")
    assert addressed() == {cast.owner.pk, cast.admin.pk}
    assert Mail.objects.filter(kind=LETTER).count() == 2


def test_of_a_workspaces_webhook_its_owners_and_admins_are_told(cast: Cast, receiver: Receiver) -> None:
    switch_off(make_hook(cast, receiver, of_workspace=True).row, "gone")
    assert addressed() == {cast.owner.pk, cast.workspace_admin.pk}


def test_it_says_where_what_and_why_without_the_path(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    switch_off(hook.row, "failing")
    letter = write_letter(LETTER, cast.admin.pk, {"webhook": str(hook.id)})
    assert letter is not None
    assert letter.subject == "A webhook of Near project was switched off"
    assert "For five days no message to this webhook arrived" in letter.text
    assert f"127.0.0.1:{receiver.port}" in letter.text
    assert "in-the-path" not in letter.text + letter.html
    User.objects.filter(pk=cast.admin.pk).update(locale="de")
    german = write_letter(LETTER, cast.admin.pk, {"webhook": str(hook.id)})
    assert german is not None
    assert german.subject == "Ein Webhook von Near project wurde abgeschaltet"


def test_nothing_is_written_to_who_may_not_see_it_or_once_it_is_on_again(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast, receiver)
    args = {"webhook": str(hook.id)}
    assert write_letter(LETTER, cast.admin.pk, args) is None
    switch_off(hook.row, "gone")
    assert write_letter(LETTER, cast.member.pk, args) is None
    assert write_letter(LETTER, cast.admin.pk, args) is not None
    Webhook.objects.update(is_active=True, disabled_reason="")
    assert write_letter(LETTER, cast.admin.pk, args) is None

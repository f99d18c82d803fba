"""The letters: what they say, and the reasons why one is not sent when its time has come."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.outlets.notifications.hearing import heard, say, told
from tests.work.comments.making import make_comment
from tests.work.tasks.making import acting, make_task
from workloom.core.clock import frozen, now
from workloom.core.mail.letters import Letter, write_letter
from workloom.core.mail.models import Mail
from workloom.outlets.notifications.actions import (
    mark_read,
    plan_digests_anew,
    remove_notification,
    send_digests,
)
from workloom.outlets.notifications.models import Digest, Notification
from workloom.people.accounts.actions import update_profile
from workloom.people.accounts.models import User
from workloom.people.accounts.rules.notices import NoticeWish
from workloom.people.accounts.rules.wanted import ProfileChange
from workloom.work.comments.actions import delete_comment
from workloom.work.projects.models import ProjectMember
from workloom.work.tasks.actions import trash_task
from workloom.work.tasks.models import Task

pytestmark = pytest.mark.django_db
MORNING = datetime.fromisoformat("2026-11-20T05:00:00+00:00")
EIGHT = MORNING + timedelta(hours=3)


def letters(person: User) -> list[Letter | None]:
    """Every letter to somebody as it would be written now, oldest first."""
    rows = Mail.objects.filter(person_id=person.pk).order_by("created_at", "id")
    return [write_letter(row.kind, person.pk, row.args) for row in rows]


def letter(person: User) -> Letter:
    (found,) = letters(person)
    assert found is not None
    return found


@pytest.fixture
def assigned(cast: Cast) -> Task:
    """A task that was assigned to the member, who is yet to get the mail."""
    with heard():
        return make_task(cast.project, cast.admin, "Proofread", assignees=[cast.member.pk], due_date=date(2026, 11, 30))


class TestAtOnce:
    def test_it_says_what_one_has_to_know(self, cast: Cast, assigned: Task) -> None:
        found = letter(cast.member)
        assert (found.subject, found.thread) == ("NEAR-1 Proofread", str(assigned.pk))
        for text in (found.text, found.html):
            for part in ("Admin assigned NEAR-1", "Near project", "Monday, 30 November 2026", f"/tasks/{assigned.pk}"):
                assert part in text
        assert "/api/v1/notifications/unsubscribe/" in found.unsubscribe

    def test_in_the_language_of_its_reader(self, cast: Cast, assigned: Task) -> None:
        User.objects.filter(pk=cast.member.pk).update(locale="de-DE")
        found = letter(cast.member)
        assert "Admin hat dir NEAR-1 “Proofread” zugewiesen" in found.text
        assert "Montag, 30. November 2026" in found.text

    def test_with_the_words_of_a_comment_and_in_the_same_thread(self, cast: Cast, assigned: Task) -> None:
        with heard():
            make_comment(assigned, cast.admin, "@member please <b>look</b>")
        first, second = letters(cast.member)
        assert first is not None
        assert second is not None
        assert (first.thread, first.subject) == (second.thread, second.subject)
        assert "> @member please <b>look</b>" in second.text
        assert "&lt;b&gt;look&lt;/b&gt;" in second.html

    def test_of_a_hostile_title_nothing_but_text_is_made(self, cast: Cast) -> None:
        with heard():
            make_task(cast.project, cast.admin, "<script>\u2028Bcc: x@example.org {0}", assignees=[cast.member.pk])
        found = letter(cast.member)
        assert found.subject == "NEAR-1 <script> Bcc: x@example.org {0}"
        assert "<script>" not in found.html

    def test_none_when_access_is_lost(self, cast: Cast, assigned: Task) -> None:
        ProjectMember.objects.filter(user=cast.member).delete()
        assert letters(cast.member) == [None]

    def test_none_when_the_task_is_in_the_trash(self, cast: Cast, assigned: Task) -> None:
        trash_task(assigned, actor=acting(cast.admin))
        assert letters(cast.member) == [None]

    def test_none_when_the_task_is_gone(self, cast: Cast, assigned: Task) -> None:
        Task.objects.filter(pk=assigned.pk).delete()
        assert letters(cast.member) == [None]

    def test_none_when_the_person_wants_no_more_of_them(self, cast: Cast, assigned: Task) -> None:
        say(cast.member, mail="off", kinds=("assigned",))
        assert letters(cast.member) == [None]

    def test_none_for_somebody_inactive(self, cast: Cast, assigned: Task) -> None:
        User.objects.filter(pk=cast.member.pk).update(is_active=False)
        assert letters(cast.member) == [None]

    def test_none_when_the_comment_was_deleted(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin)
        with heard():
            comment = make_comment(task, cast.admin, "@member oops")
        delete_comment(comment, actor=acting(cast.admin))
        assert letters(cast.member) == [None]

    def test_read_meanwhile_it_is_sent_all_the_same(self, cast: Cast, assigned: Task) -> None:
        mark_read(Notification.objects.get())
        assert letter(cast.member).subject == "NEAR-1 Proofread"


class TestDigest:
    @pytest.fixture
    def tasks(self, cast: Cast) -> list[Task]:
        """Two tasks that the admin reported, with three comments between them, early in the morning."""
        made = [make_task(cast.project, cast.admin, title) for title in ("Proofread", "Print")]
        with frozen(MORNING), heard():
            for task, count in zip(made, (2, 1), strict=True):
                for at in range(count):
                    make_comment(task, cast.manager, f"{task.title} {at}")
        return made

    def test_one_mail_at_the_hour_by_project_and_task(self, cast: Cast, tasks: list[Task]) -> None:
        with frozen(EIGHT - timedelta(minutes=1)):
            assert send_digests() == 0
        with frozen(EIGHT):
            assert [send_digests(), send_digests()] == [1, 0]
        found = letter(cast.admin)
        assert found.subject == "Your day in Workloom: 3 unread"
        assert found.thread == ""
        places = [found.text.index(part) for part in ("Near project", "NEAR-1 Proofread", "NEAR-2 Print")]
        assert places == sorted(places)
        assert found.text.count("Manager commented on NEAR-1 “Proofread”") == 2
        assert f"/tasks/{tasks[1].pk}" in found.html

    def test_of_what_is_unread_by_then(self, cast: Cast, tasks: list[Task]) -> None:
        mark_read(Notification.objects.filter(task=tasks[0]).earliest("created_at"))
        remove_notification(Notification.objects.get(task=tasks[1]))
        with frozen(EIGHT):
            send_digests()
        found = letter(cast.admin)
        assert found.subject == "Your day in Workloom: 1 unread"
        assert "NEAR-2" not in found.text

    def test_nothing_when_all_was_read(self, cast: Cast, tasks: list[Task]) -> None:
        Notification.objects.update(read_at=now())
        with frozen(EIGHT):
            assert send_digests() == 0
        assert (Digest.objects.count(), Mail.objects.count()) == (0, 0)
        assert not Notification.objects.filter(digest_at__isnull=False).exists()

    def test_none_when_it_was_read_or_lost_between_hour_and_sending(self, cast: Cast, tasks: list[Task]) -> None:
        with frozen(EIGHT):
            send_digests()
        Notification.objects.filter(task=tasks[0]).update(read_at=now())
        found = letter(cast.admin)
        assert found.subject.endswith("1 unread")
        trash_task(tasks[1], actor=acting(cast.admin))
        assert letters(cast.admin) == [None]

    def test_none_of_kinds_that_are_off_by_then(self, cast: Cast, tasks: list[Task]) -> None:
        with frozen(EIGHT):
            send_digests()
        say(cast.admin, mail="off", kinds=("commented",))
        assert letters(cast.admin) == [None]

    def test_what_comes_later_waits_for_the_next_day(self, cast: Cast, tasks: list[Task]) -> None:
        with frozen(EIGHT):
            send_digests()
        with frozen(EIGHT + timedelta(minutes=1)), heard():
            make_comment(tasks[0], cast.manager, "later")
        with frozen(EIGHT + timedelta(hours=23)):
            assert send_digests() == 0
        with frozen(EIGHT + timedelta(days=1)):
            assert send_digests() == 1
        subjects = [found.subject for found in letters(cast.admin) if found]
        assert subjects == ["Your day in Workloom: 3 unread", "Your day in Workloom: 1 unread"]

    def test_on_another_hour_of_the_same_day_no_second_one(self, cast: Cast, tasks: list[Task]) -> None:
        with frozen(EIGHT):
            send_digests()
        with frozen(EIGHT + timedelta(minutes=1)), heard():
            change = ProfileChange(notification_settings=NoticeWish(digest_hour=18))
            update_profile(cast.admin.pk, change, actor=acting(cast.admin))
            make_comment(tasks[0], cast.manager, "later")
        with frozen(EIGHT + timedelta(hours=10)):
            assert send_digests() == 0
        assert Digest.objects.count() == 1
        waiting = Notification.objects.get(digest_at__isnull=False)
        assert waiting.digest_at == EIGHT + timedelta(days=1, hours=10)

    def test_another_hour_or_zone_moves_what_waits(self, cast: Cast, tasks: list[Task]) -> None:
        with frozen(MORNING), heard():
            change = ProfileChange(time_zone="Asia/Tokyo", notification_settings=NoticeWish(digest_hour=15))
            update_profile(cast.admin.pk, change, actor=acting(cast.admin))
        times = set(Notification.objects.values_list("digest_at", flat=True))
        assert times == {MORNING + timedelta(hours=1)}
        with frozen(MORNING + timedelta(days=2)):
            assert plan_digests_anew(cast.admin.pk) == 3

    def test_for_mail_alone(self, cast: Cast) -> None:
        say(cast.admin, in_app=False, mail="digest", kinds=("commented",))
        task = make_task(cast.project, cast.admin)
        with frozen(MORNING), heard():
            make_comment(task, cast.manager)
        with frozen(EIGHT):
            assert send_digests() == 1
        assert (told(cast.admin), letter(cast.admin).subject) == ([], "Your day in Workloom: 1 unread")

    def test_nobody_inactive(self, cast: Cast, tasks: list[Task]) -> None:
        User.objects.filter(pk=cast.admin.pk).update(is_active=False)
        with frozen(EIGHT):
            assert send_digests() == 0
        assert Mail.objects.count() == 0

    def test_of_very_many_the_first_and_a_number(self, cast: Cast, tasks: list[Task], monkeypatch: Any) -> None:
        monkeypatch.setattr("workloom.outlets.notifications.jobs.MOST_IN_A_DIGEST", 2)
        with frozen(EIGHT):
            send_digests()
        assert "And 1 more." in letter(cast.admin).text

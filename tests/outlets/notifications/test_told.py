"""Each kind: who is told, who is not, and by which reason."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.factories import make_user
from tests.outlets.notifications.hearing import edit, heard, mailed, say, told, watch
from tests.work.comments.making import make_comment
from tests.work.tasks.making import acting, make_task
from workloom.core.clock import frozen, now
from workloom.core.context import Context, using_context
from workloom.core.mail.models import Mail
from workloom.events.publish import publish
from workloom.events.queries import read_after
from workloom.outlets.notifications.consumer import consume
from workloom.outlets.notifications.models import Notification, Preference
from workloom.people.accounts.queries import people
from workloom.work.comments.actions import edit_comment
from workloom.work.comments.rules import EditInput
from workloom.work.projects.actions import remove_member
from workloom.work.projects.models import ProjectMember
from workloom.work.tasks.actions import record_breaches, trash_task, unwatch_task
from workloom.work.tasks.models import Task, Watcher
from workloom.work.tasks.queries.readers import readers
from workloom.work.tasks.queries.visible import live_tasks

pytestmark = pytest.mark.django_db


def everybody_told(cast: Cast) -> dict[str, list[str]]:
    return {name: found for name, person in cast.people.items() if (found := told(person))}


class TestAssigned:
    def test_who_is_assigned_is_told_and_who_assigned_is_not(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin)
        with heard():
            edit(task, cast.manager, assignees=(cast.member.pk, cast.manager.pk))
        assert everybody_told(cast) == {"member": ["assigned"]}
        row = Notification.objects.get()
        assert (row.task_id, row.actor_id, row.version, row.read_at) == (task.pk, cast.manager.pk, 1, None)
        assert mailed(cast.member) == ["notification"]

    def test_at_the_making_of_a_task_too(self, cast: Cast) -> None:
        with heard():
            make_task(cast.project, cast.admin, assignees=[cast.guest.pk, cast.admin.pk])
        assert everybody_told(cast) == {"guest": ["assigned"]}

    def test_only_who_is_new(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin, assignees=[cast.member.pk])
        with heard():
            edit(task, cast.admin, assignees=(cast.member.pk, cast.viewer.pk))
        assert everybody_told(cast) == {"viewer": ["assigned"]}

    def test_who_muted_the_task_is_told_of_an_assignment(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin)
        watch(task, cast.member)
        unwatch_task(task, cast.member.pk, actor=acting(cast.member))
        with heard():
            edit(task, cast.admin, assignees=(cast.member.pk,))
        assert told(cast.member) == ["assigned"]


class TestMentioned:
    def test_in_a_comment(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin)
        with heard():
            comment = make_comment(task, cast.manager, "What do you think, @member and @manager?")
        assert everybody_told(cast) == {"member": ["mentioned"], "admin": ["commented"]}
        assert {row.comment_id for row in Notification.objects.all()} == {comment.pk}

    def test_only_who_may_see_the_task(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin)
        with heard():
            make_comment(
                task, cast.admin, "@guest, @outsider and @workspace-member are not told, @owner and @operator are"
            )
            edit(task, cast.admin, description="@guest, @outsider, @workspace-member; @viewer")
        assert everybody_told(cast) == {"owner": ["mentioned"], "viewer": ["mentioned"]}

    def test_in_a_description_from_the_start_and_later_once(self, cast: Cast) -> None:
        with heard():
            task = make_task(cast.project, cast.admin, description="For @member")
            edit(task, cast.admin, description="For @member and @viewer")
            edit(task, cast.admin, description="For @member and @viewer only, in `@manager` style")
        assert everybody_told(cast) == {"member": ["mentioned"], "viewer": ["mentioned"]}

    def test_an_edited_comment_calls_who_is_new(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin)
        comment = make_comment(task, cast.admin, "@member")
        with heard():
            edit_comment(comment, EditInput(body="@member @viewer"), actor=acting(cast.admin))
        assert everybody_told(cast) == {"viewer": ["mentioned"]}

    def test_who_is_assigned_and_mentioned_at_once_is_told_once(self, cast: Cast) -> None:
        with heard():
            make_task(cast.project, cast.admin, description="@member", assignees=[cast.member.pk])
        assert told(cast.member) == ["assigned"]


class TestCommented:
    def test_those_around_the_task_and_the_author_above(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin, assignees=[cast.member.pk])
        watch(task, cast.viewer)
        first = make_comment(task, cast.owner, "First")
        Watcher.objects.filter(user=cast.owner).delete()
        with heard():
            make_comment(task, cast.manager, "Answer", parent=first)
        assert everybody_told(cast) == {name: ["commented"] for name in ("owner", "admin", "member", "viewer")}
        assert mailed(cast.admin) == []
        assert Notification.objects.filter(digest_at__isnull=False).count() == 4

    def test_who_muted_it_is_not_told(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin, assignees=[cast.member.pk])
        for person in (cast.member, cast.admin):
            unwatch_task(task, person.pk, actor=acting(person))
        with heard():
            make_comment(task, cast.manager)
        assert everybody_told(cast) == {}

    def test_a_mention_is_stronger_than_watching(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin)
        with heard():
            make_comment(task, cast.manager, "@admin")
        assert everybody_told(cast) == {"admin": ["mentioned"]}


class TestStatusChanged:
    def test_with_what_the_statuses_are_called(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin, assignees=[cast.member.pk])
        with heard():
            edit(task, cast.member, status="in_progress")
        assert everybody_told(cast) == {"admin": ["status_changed"]}
        row = Notification.objects.get()
        assert (row.detail, row.digest_at) == ({"from": "To do", "to": "In progress"}, None)
        assert mailed(cast.admin) == []


class TestSlaBreached:
    def test_everybody_around_is_told_once_by_the_system(self, cast: Cast) -> None:
        task = make_task(cast.project, cast.admin, assignees=[cast.member.pk], due_date=date(2026, 1, 1))
        with heard():
            record_breaches()
            record_breaches()
        assert everybody_told(cast) == {"admin": ["sla_breached"], "member": ["sla_breached"]}
        assert {row.actor_id for row in Notification.objects.filter(task=task)} == {None}
        assert mailed(cast.member) == ["notification"]


class TestNobody:
    def test_an_import_tells_nobody(self, cast: Cast) -> None:
        with heard(), using_context(Context(via="import")):
            make_task(cast.project, cast.admin, assignees=[cast.member.pk], description="@viewer")
        assert everybody_told(cast) == {}

    def test_who_is_no_longer_active(self, cast: Cast) -> None:
        people().filter(pk=cast.member.pk).update(is_active=False)
        with heard():
            make_task(cast.project, cast.admin, assignees=[cast.member.pk], description="@member")
        assert everybody_told(cast) == {}

    def test_who_lost_access_before_the_event_was_read(self, cast: Cast) -> None:
        with heard():
            make_task(cast.project, cast.admin, assignees=[cast.viewer.pk, cast.member.pk])
            member = ProjectMember.objects.get(project=cast.project, user=cast.member)
            remove_member(cast.project, member, actor=acting(cast.admin))
        assert everybody_told(cast) == {"viewer": ["assigned"]}

    def test_when_the_task_is_in_the_trash_by_then(self, cast: Cast) -> None:
        with heard():
            task = make_task(cast.project, cast.admin, assignees=[cast.member.pk])
            trash_task(task, actor=acting(cast.admin))
        assert everybody_told(cast) == {}

    def test_twice_when_an_event_is_read_twice(self, cast: Cast) -> None:
        with heard():
            make_task(cast.project, cast.admin, assignees=[cast.member.pk])
        for event in read_after(0, 100):
            consume(event)
        assert (told(cast.member), mailed(cast.member)) == (["assigned"], ["notification"])

    def test_who_wants_it_neither_here_nor_there(self, cast: Cast) -> None:
        say(cast.member, mail="off", in_app=False)
        with heard():
            make_task(cast.project, cast.admin, assignees=[cast.member.pk])
        assert Notification.objects.count() == 0


class TestChannels:
    def test_mail_alone_leaves_nothing_to_be_read(self, cast: Cast) -> None:
        say(cast.member, in_app=False, kinds=("assigned",))
        with heard():
            make_task(cast.project, cast.admin, assignees=[cast.member.pk])
        assert (told(cast.member), mailed(cast.member)) == ([], ["notification"])

    def test_the_project_counts_more_than_the_person(self, cast: Cast) -> None:
        say(cast.member, mail="off")
        at = now()
        kinds = {"assigned": {"mail": "now"}}
        Preference.objects.create(user=cast.member, project=cast.project, kinds=kinds, created_at=at, updated_at=at)
        with heard():
            task = make_task(cast.project, cast.admin, assignees=[cast.member.pk])
            make_comment(task, cast.admin, "@member")
        assert told(cast.member) == ["assigned", "mentioned"]
        assert mailed(cast.member) == ["notification"]

    def test_mail_waits_for_the_end_of_quiet_hours_and_the_rest_does_not(self, cast: Cast) -> None:
        member = cast.member
        member.notification_settings, member.time_zone = {"quiet_hours": {"from": "22:00", "to": "07:00"}}, "Asia/Tokyo"
        member.save()
        night = now().replace(hour=15, minute=30)
        with frozen(night), heard():
            make_task(cast.project, cast.admin, assignees=[member.pk])
        assert Notification.objects.get().created_at == night
        assert Mail.objects.get().next_at == night.replace(hour=22, minute=0, second=0, microsecond=0)


def test_readers_are_those_who_see(cast: Cast) -> None:
    """The question turned round has the same answer."""
    tasks = [
        make_task(cast.project, cast.admin),
        make_task(cast.project, cast.admin, assignees=[cast.guest.pk]),
        make_task(cast.project, cast.admin, reporter=cast.guest.pk),
        make_task(cast.far_project, cast.outsider),
    ]
    trash_task(make_task(cast.project, cast.admin), actor=acting(cast.admin))
    everybody = [*cast.people.values(), make_user(is_active=False)]
    ProjectMember.objects.create(project=cast.project, user=everybody[-1], role="admin", created_at=now())
    loaded = list(Task.objects.select_related("project"))
    expected = {
        (task.pk, person.pk) for person in everybody if person.is_active for task in live_tasks(person.as_actor())
    }
    assert readers([(task, person) for task in loaded for person in everybody]) == expected
    assert len(tasks) == 4


def test_fifty_watchers_cost_as_many_queries_as_three(cast: Cast) -> None:
    def cost(count: int) -> int:
        task = make_task(cast.project, cast.admin, due_date=date(2026, 1, 1))
        for _ in range(count):
            person = make_user()
            ProjectMember.objects.create(project=cast.project, user=person, role="viewer", created_at=now())
            watch(task, person)
        make_comment(task, cast.admin, "All of you")
        record_breaches()
        publish()
        events = read_after(0, 10_000)
        wanted = [event for event in events if event.subject_id == task.pk]
        with CaptureQueriesContext(connection) as captured:
            for event in wanted[-2:]:
                consume(event)
        assert Notification.objects.filter(task=task).count() == 2 * count + 1
        return len(captured)

    few, many = cost(3), cost(50)
    assert many == few


def test_what_calls_nobody_costs_nothing(cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    with heard():
        edit(task, cast.admin, title="Another", description="Without names", priority=4)
    events = read_after(0, 100)
    with CaptureQueriesContext(connection) as captured:
        for event in events:
            consume(event)
    assert [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]] == []
    assert len(events) == 2


def test_a_placeholder_is_told_of_nothing(cast: Cast) -> None:
    person = make_user(is_active=False, is_placeholder=True, email=None)
    ProjectMember.objects.create(project=cast.project, user=person, role="member", created_at=now())
    with heard():
        make_task(cast.project, cast.admin, assignees=[person.pk])
    assert Notification.objects.count() == 0

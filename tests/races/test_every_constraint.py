"""One race for each promise that the database keeps: a new unique constraint needs a row here."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import UniqueConstraint

from tests.cast import Cast
from tests.outlets.exchange.importing import ask
from tests.races.together import at_once, sender
from tests.work.tasks.making import make_task
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.core.models import SearchRow
from workloom.events.jobs import enqueue
from workloom.events.models import Job
from workloom.outlets.exchange.actions import run_import
from workloom.outlets.exchange.models import LedgerEntry
from workloom.work.comments.models import Comment, Mention
from workloom.work.labels.models import Label
from workloom.work.tasks.models import FormerTaskKey, Task, TaskLabel

RANDOM = "random of 70 bits or more: two never meet"
RACED = {
    "core.searchrow object_id": "test_one_task_is_indexed_once",
    "http.keptanswer answer_once_per_caller_and_key": "test_one_idempotency_key_twenty_times_makes_one_task",
    "mail.mail key": "test_one_key_posts_one_mail",
    "events.logrow id": RANDOM,
    "events.logrow seq": "test_publishers_at_once_number_without_gap_and_the_chain_holds",
    "events.job dedupe_key": "test_a_job_with_a_key_is_queued_once",
    "accounts.user username_key": "test_one_username_is_chosen_once_in_any_case",
    "accounts.user email_key": "test_one_address_registers_once_in_any_case",
    "accounts.personaltoken secret_hash": RANDOM,
    "workspaces.workspace slug": "test_one_slug_makes_one_workspace_and_one_name_many",
    "workspaces.workspace personal_of": "test_first_requests_make_one_home",
    "workspaces.workspacemember workspace_member_once": "test_a_guest_joins_two_projects_at_once_and_gets_one_seat",
    "workspaces.invitation invitation_once_per_address": "test_one_address_has_one_invitation_of_which_one_secret_works_once",
    "workspaces.invitation secret_hash": RANDOM,
    "projects.project project_key_once_per_workspace": "test_one_key_makes_one_project",
    "projects.project inbox_of": "test_first_requests_make_one_home",
    "projects.formerkey former_key_once_per_workspace": "test_a_key_given_up_is_not_taken_in_the_same_moment",
    "projects.projectmember project_member_once": "test_a_member_is_added_once",
    "workflows.workflow project": "test_first_requests_make_one_home",
    "workflows.status status_slug_once_per_project": "test_one_slug_is_given_once_and_no_edit_of_the_workflow_is_lost",
    "workflows.transition transition_once": "test_the_same_moves_set_at_once_stand_once",
    "labels.label label_name_once": "test_one_name_is_given_once_in_any_case",
    "labels.category category_name_once": "test_one_name_is_given_once_in_any_case",
    "boards.columnstatus status_in_one_column": "test_a_status_ends_in_one_column_however_many_move_it",
    "tasks.task task_number_once_per_project": "test_creators_number_from_one_without_gap_or_double",
    "tasks.task task_rank_once_per_project": "test_fifty_movers_end_in_one_order_without_ties",
    "tasks.assignment assigned_once": "test_the_same_people_assigned_at_once_stand_there_once",
    "tasks.tasklabel labelled_once": "test_the_same_label_put_on_at_once_is_there_once",
    "tasks.watcher watching_once": "test_the_same_people_assigned_at_once_stand_there_once",
    "tasks.formertaskkey former_task_key_once": "test_a_task_moves_to_another_project_once",
    "links.link linked_once_by_kind": "test_the_same_link_is_made_once",
    "comments.mention mentioned_once": "test_somebody_mentioned_by_edits_at_once_is_mentioned_once",
    "notifications.notification dedupe_key": "test_one_event_read_by_many_at_once_tells_each_once",
    "notifications.digest digest_once_a_day": "test_ticks_at_once_make_one_digest_and_one_mail",
    "notifications.preference preference_once": "test_one_wish_about_a_project_is_one_row",
    "exchange.ledgerentry imported_once": "test_two_workers_on_one_import_add_nothing_twice",
    "webhooks.delivery delivered_once": "test_an_event_read_by_many_is_one_delivery",
    "webhooks.attempt attempted_once": "test_each_attempt_is_one_workers",
}
crowded = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def promises() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("workloom"):
            names = [one.name for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
            names += [field.name for field in model._meta.fields if field.unique and not field.primary_key]
            yield from (f"{model._meta.label_lower} {name}" for name in names)


def test_each_has_its_race(request: pytest.FixtureRequest) -> None:
    sources = "\n".join(path.read_text() for path in request.path.parent.glob("test_*.py"))
    assert set(RACED) == set(promises())
    assert [name for name in RACED.values() if name != RANDOM and f"def {name}(" not in sources] == []


class TestAtOnce:
    pytestmark = crowded

    def test_one_task_is_indexed_once(self, transactional_cast: Cast) -> None:
        task = make_task(transactional_cast.project, transactional_cast.admin)
        send = sender(transactional_cast.member)
        answers = at_once([partial(send, "PATCH", f"/api/v1/tasks/{task.pk}/", {"title": f"t{n}"}) for n in range(8)])
        assert Counter(answer.status_code for answer in answers) == {200: 8}
        assert SearchRow.objects.filter(object_id=task.pk).count() == 1

    def test_a_job_with_a_key_is_queued_once(self) -> None:
        def queue() -> bool:
            with transaction.atomic():
                return enqueue("tests.nothing", {}, run_at=now(), key="same") is not None

        assert Counter(at_once([queue] * 8)) == {True: 1, False: 7}
        assert Job.objects.filter(name="tests.nothing").count() == 1

    def test_the_same_label_put_on_at_once_is_there_once(self, transactional_cast: Cast) -> None:
        cast = transactional_cast
        task, at = make_task(cast.project, cast.admin), now()
        names = {"name": "Bug", "name_key": "bug", "colour": "#ff0000", "created_at": at, "updated_at": at}
        label = Label.objects.create(workspace=cast.workspace, project=cast.project, place=cast.project.pk, **names)
        send = sender(cast.member)
        answers = at_once([lambda: send("PATCH", f"/api/v1/tasks/{task.pk}/", {"labels": [str(label.pk)]})] * 8)
        assert Counter(answer.status_code for answer in answers) == {200: 8}
        assert TaskLabel.objects.filter(task=task).count() == 1
        assert Task.objects.get(pk=task.pk).version == 2

    def test_a_task_moves_to_another_project_once(self, transactional_cast: Cast) -> None:
        cast = transactional_cast
        task, send = make_task(cast.project, cast.admin), sender(cast.operator)
        answers = at_once(
            [lambda: send("PATCH", f"/api/v1/tasks/{task.pk}/", {"project": str(cast.far_project.pk)})] * 6
        )
        assert Counter(answer.status_code for answer in answers) == {200: 6}
        assert {answer.json()["key"] for answer in answers} == {"FAR-1"}
        assert FormerTaskKey.objects.filter(task=task).count() == 1

    def test_somebody_mentioned_by_edits_at_once_is_mentioned_once(self, transactional_cast: Cast) -> None:
        cast = transactional_cast
        task, send = make_task(cast.project, cast.admin), sender(cast.member)
        made = send("POST", f"/api/v1/tasks/{task.pk}/comments/", {"body": "nobody yet", "id": str(uuid7())}).json()
        answers = at_once(
            [partial(send, "PATCH", f"/api/v1/comments/{made['id']}/", {"body": f"@admin {n}"}) for n in range(6)]
        )
        assert Counter(answer.status_code for answer in answers) == {200: 6}
        assert Mention.objects.filter(comment=made["id"]).count() == 1

    def test_two_workers_on_one_import_add_nothing_twice(self, transactional_cast: Cast) -> None:
        cast = transactional_cast
        board = Path(__file__).parents[1] / "outlets/exchange/fixtures/trello-board.json"
        waiting = ask(cast.project, cast.admin, "trello", board)
        at_once([lambda: run_import(waiting.pk)] * 3)
        entries = LedgerEntry.objects.filter(project=cast.project)
        assert Task.objects.filter(project=cast.project).count() == 6
        assert entries.values("kind", "noun", "source_id").distinct().count() == entries.count()
        assert Comment.objects.filter(task__project=cast.project).count() == 2

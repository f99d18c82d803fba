import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from workloom.core.errors import Conflict, Invalid
from workloom.people.rights.rules import Role
from workloom.work.workflows.models import Status, Transition, Workflow
from workloom.work.workflows.queries import (
    check_move,
    find_status,
    first_status,
    initial_status,
    status_condition,
    statuses_of,
)
from workloom.work.workflows.rules.statuses import word_key


def _named(cast: Cast, slug: str) -> Status:
    return Status.objects.get(project=cast.project, slug=slug)


def _rename(status: Status, label: str) -> None:
    Status.objects.filter(pk=status.pk).update(label=label, label_key=word_key(label))


@pytest.mark.parametrize("word", ["in_progress", "In Progress", "IN-PROGRESS"])
def test_a_status_is_found_by_its_slug_however_it_is_written(cast: Cast, word: str) -> None:
    assert find_status(cast.project.pk, word).slug == "in_progress"


def test_a_status_is_found_by_its_label(cast: Cast) -> None:
    _rename(_named(cast, "review"), "Qualitäts-Prüfung")
    assert find_status(cast.project.pk, "QUALITÄTS PRÜFUNG").slug == "review"


def test_a_slug_counts_more_than_a_label(cast: Cast) -> None:
    _rename(_named(cast, "todo"), "Done")
    assert find_status(cast.project.pk, "done").slug == "done"


def test_completed_is_the_first_status_done_unless_there_is_one_of_that_name(cast: Cast) -> None:
    assert find_status(cast.project.pk, "Completed").slug == "done"
    _rename(_named(cast, "review"), "Completed")
    assert find_status(cast.project.pk, "completed").slug == "review"


def test_an_unknown_status_is_refused_naming_those_there_are(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        find_status(cast.project.pk, "shipped")
    assert [(one.field, one.code) for one in refusal.value.errors] == [("status", "unknown_status")]
    assert "backlog, todo, in_progress, review, done, cancelled" in refusal.value.detail


def test_a_status_of_another_project_is_unknown(cast: Cast) -> None:
    Status.objects.create(
        project=cast.far_project,
        slug="far",
        label="Far",
        label_key="far",
        category="todo",
        colour="#000000",
        position=9,
    )
    with pytest.raises(Invalid):
        find_status(cast.project.pk, "far")


def test_the_initial_and_the_first_of_a_category(cast: Cast) -> None:
    assert initial_status(cast.project.pk).slug == "todo"
    found = first_status(cast.project.pk, "done")
    assert found is not None
    assert found.slug == "done"
    Status.objects.filter(project=cast.project, slug="cancelled").delete()
    assert first_status(cast.project.pk, "cancelled") is None


def test_the_filter_finds_a_word_in_every_project(cast: Cast) -> None:
    _rename(_named(cast, "review"), "Quality check")
    found = Status.objects.filter(status_condition("quality-check", "pk"))
    assert [status.pk for status in found] == [_named(cast, "review").pk]
    assert Status.objects.filter(status_condition("Done", "pk")).count() == 2


def test_the_filter_reads_completed_as_done_where_no_status_is_called_so(cast: Cast) -> None:
    _rename(_named(cast, "review"), "Completed")
    found = Status.objects.filter(status_condition("completed", "pk"))
    assert sorted((status.project_id == cast.project.pk, status.slug) for status in found) == [
        (False, "done"),
        (True, "review"),
    ]


def test_a_move_is_judged_in_one_query_at_most(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    backlog, todo, *_ = statuses_of(cast.project.pk)
    with django_assert_num_queries(0):
        check_move(backlog, todo, role=Role.MEMBER, facts={})
    bare = Status.objects.get(pk=todo.pk)
    with django_assert_num_queries(1):
        check_move(backlog, bare, role=Role.MEMBER, facts={})


def test_staying_is_always_allowed(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Workflow.objects.filter(project=cast.project).update(allows_all=False)
    todo = _named(cast, "todo")
    with django_assert_num_queries(0):
        check_move(todo, todo, role=Role.GUEST, facts={})


def test_a_move_that_is_not_listed_is_refused(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Workflow.objects.filter(project=cast.project).update(allows_all=False)
    todo, done, review = _named(cast, "todo"), _named(cast, "done"), _named(cast, "review")
    Transition.objects.create(project=cast.project, source=todo, target=review)
    check_move(todo, review, role=Role.GUEST, facts={})
    with django_assert_num_queries(1), pytest.raises(Conflict) as refusal:
        check_move(todo, done, role=Role.GUEST, facts={})
    assert refusal.value.extra == {"allowed": ["review"]}


def test_a_status_that_nothing_leaves_is_a_dead_end(cast: Cast) -> None:
    Workflow.objects.filter(project=cast.project).update(allows_all=False)
    with pytest.raises(Conflict) as refusal:
        check_move(_named(cast, "done"), _named(cast, "todo"), role=Role.ADMIN, facts={})
    assert refusal.value.extra == {"allowed": []}


@pytest.mark.parametrize("word", ["", " ", "%", "\x00", "todo\x00", "\ud800", "' OR 1=1 --", "💥" * 500])
def test_the_filter_takes_any_text_and_finds_nothing_by_it(cast: Cast, word: str) -> None:
    assert Status.objects.filter(status_condition(word, "pk"), project=cast.project).count() == 0

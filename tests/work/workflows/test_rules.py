from collections.abc import Callable

import pytest

from workloom.core.errors import Conflict, Forbidden, Invalid
from workloom.people.rights.rules import Role
from workloom.work.workflows.rules.moves import Guard, Move, judge_move
from workloom.work.workflows.rules.statuses import (
    DEFAULT,
    LONGEST_KEY,
    LONGEST_SLUG,
    StatusDraft,
    StatusWish,
    new_slug,
    wished_statuses,
    word_key,
)

TODO = StatusDraft("To do", "todo", "todo", "#111111")
REVIEW = StatusDraft("Review", "review", "review", "#222222")
DONE = StatusDraft("Done", "done", "done", "#333333")
PRESENT = (TODO, REVIEW, DONE)


@pytest.mark.parametrize("word", ["in_progress", "In Progress", "IN-PROGRESS", " in  progress ", "In_Progress"])
def test_a_word_is_read_in_any_case_and_with_any_separator(word: str) -> None:
    assert word_key(word) == "in_progress"


def test_words_without_letters_stay_apart() -> None:
    assert word_key("✅") != word_key("❌")


def test_the_key_of_a_label_that_grows_when_folded_still_fits_its_column() -> None:
    assert len(word_key("ﷺ" * 200)) <= LONGEST_KEY


def test_a_new_slug_is_free_and_fits() -> None:
    assert new_slug("Ready for QA", {"todo"}) == "ready_for_qa"
    assert new_slug("Done", {"done", "done_2"}) == "done_3"
    assert len(new_slug("x" * 200, {"x" * LONGEST_SLUG})) <= LONGEST_SLUG
    assert new_slug("🎉🎉", set()) == "status"


def test_a_rename_keeps_the_slug() -> None:
    renamed = wished_statuses(PRESENT, [StatusWish("todo"), StatusWish("review", label="QA"), StatusWish("done")])
    assert [(one.slug, one.label) for one in renamed] == [("todo", "To do"), ("review", "QA"), ("done", "Done")]


def test_an_entry_without_slug_is_the_status_so_labelled_or_a_new_one() -> None:
    wished = wished_statuses(PRESENT, [StatusWish(label="to-do"), StatusWish(label="Testing", category="review")])
    assert [one.slug for one in wished] == ["todo", "testing"]


def test_a_new_status_needs_label_and_category() -> None:
    with pytest.raises(Invalid) as refusal:
        wished_statuses(PRESENT, [StatusWish("todo"), StatusWish("blocked")])
    assert [(error.field, error.code) for error in refusal.value.errors] == [
        ("statuses.1.label", "required"),
        ("statuses.1.category", "required"),
    ]


def test_two_statuses_cannot_be_called_the_same() -> None:
    with pytest.raises(Invalid) as refusal:
        wished_statuses(PRESENT, [StatusWish("todo"), StatusWish("review", label="TO-DO"), StatusWish("todo")])
    assert [(error.field, error.code) for error in refusal.value.errors] == [
        ("statuses.1.label", "duplicate"),
        ("statuses.2.slug", "duplicate"),
        ("statuses.2.label", "duplicate"),
    ]


def test_labels_can_be_swapped() -> None:
    swapped = wished_statuses(PRESENT, [StatusWish("todo", label="Done"), StatusWish("done", label="To do")])
    assert [(one.slug, one.label) for one in swapped] == [("todo", "Done"), ("done", "To do")]


def test_the_lists_own_order_counts_when_positions_are_sent_back_as_they_were() -> None:
    moved = [StatusWish("done", position=2), StatusWish("todo", position=0), StatusWish("review", position=1)]
    assert [one.slug for one in wished_statuses(PRESENT, moved)] == ["done", "todo", "review"]


def test_new_positions_count_more_than_the_lists_order() -> None:
    moved = [StatusWish("todo", position=1), StatusWish("review", position=0), StatusWish("done", position=2)]
    assert [one.slug for one in wished_statuses(PRESENT, moved)] == ["review", "todo", "done"]


def test_the_default_statuses_have_their_own_categories() -> None:
    assert [one.slug for one in DEFAULT] == [one.category for one in DEFAULT]


def _yes() -> bool:
    return True


def _no() -> bool:
    return False


def test_a_move_that_the_workflow_does_not_list_is_refused_naming_those_that_it_does() -> None:
    with pytest.raises(Conflict) as refusal:
        judge_move("todo", "done", [Move("review"), Move("cancelled")], role=Role.ADMIN, facts={})
    assert refusal.value.code == "transition_not_allowed"
    assert refusal.value.extra == {"allowed": ["cancelled", "review"]}


def _may_finish(role: Role | None) -> bool:
    try:
        judge_move("review", "done", [Move("done", roles=("manager",))], role=role, facts={})
    except Forbidden:
        return False
    return True


def test_a_move_for_some_roles_is_for_them_and_admins_and_the_system() -> None:
    assert [role for role in (*Role, None) if _may_finish(role)] == [Role.MANAGER, Role.ADMIN, None]


def test_a_move_for_some_roles_is_forbidden_to_others() -> None:
    with pytest.raises(Forbidden) as refusal:
        judge_move("review", "done", [Move("done", roles=("manager",))], role=Role.MEMBER, facts={})
    assert refusal.value.extra == {"roles": ["manager"]}


def test_all_guards_that_fail_are_named() -> None:
    guards = (Guard.ASSIGNEE_SET, Guard.ESTIMATE_SET, Guard.CHECKLISTS_DONE)
    facts = {"assignee_set": _no, "estimate_set": _yes, "checklists_done": _no}
    with pytest.raises(Conflict) as refusal:
        judge_move("review", "done", [Move("done", guards=guards)], role=Role.ADMIN, facts=facts)
    assert refusal.value.code == "guard_failed"
    assert refusal.value.extra == {"guards": ["assignee_set", "checklists_done"]}


def test_facts_that_no_guard_asks_for_are_not_looked_up() -> None:
    asked: list[Guard] = []

    def fact(guard: Guard) -> Callable[[], bool]:
        def look() -> bool:
            asked.append(guard)
            return True

        return look

    facts: dict[str, Callable[[], bool]] = {guard: fact(guard) for guard in Guard}
    judge_move("review", "done", [Move("done", guards=(Guard.ESTIMATE_SET,))], role=Role.ADMIN, facts=facts)
    assert asked == [Guard.ESTIMATE_SET]

from tests.cast import Cast
from workloom.core.actor import SYSTEM
from workloom.events.queries import log_rows
from workloom.work.workflows.actions import import_statuses
from workloom.work.workflows.queries import statuses_of
from workloom.work.workflows.rules.statuses import StatusDraft


def test_lists_become_statuses_in_their_order_and_known_ones_are_kept(cast: Cast) -> None:
    drafts = [StatusDraft("Ready for QA", "review"), StatusDraft("To Do", "todo"), StatusDraft("Doing", "in_progress")]
    found = import_statuses(cast.project, drafts, actor=SYSTEM)
    assert [status.slug for status in found] == ["ready_for_qa", "todo", "doing"]
    assert [status.slug for status in statuses_of(cast.project.pk)][-2:] == ["ready_for_qa", "doing"]
    assert [row.type for row in log_rows()] == ["workflow.updated"]


def test_a_second_import_adds_nothing(cast: Cast) -> None:
    drafts = [StatusDraft("Doing", "in_progress"), StatusDraft("doing", "in_progress")]
    first = import_statuses(cast.project, drafts, actor=SYSTEM)
    assert first[0].pk == first[1].pk
    assert import_statuses(cast.project, drafts, actor=SYSTEM)[0].pk == first[0].pk
    assert log_rows().count() == 1

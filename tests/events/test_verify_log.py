from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.comments.making import make_comment
from tests.work.tasks.making import make_task, make_tasks
from workloom.core import clock
from workloom.core.context import Context, using_context
from workloom.events.erase import erase_old_addresses, erase_person, erase_texts
from workloom.events.models import Head, LogRow
from workloom.events.publish import publish
from workloom.events.verify import verify_log

HERE = Context(request_id="r", via="api", ip="10.1.2.3", user_agent="Mozilla")


@pytest.fixture
def log(cast: Cast) -> Cast:
    """Five events with names, texts and addresses in them."""
    with using_context(HERE):
        tasks = make_tasks(cast.project, cast.admin, ["first secret", "second secret", "ключ 🔑"])
        make_comment(tasks[0], cast.member, "third secret")
        make_task(cast.project, cast.member, "fourth", estimate=1.5)
    publish()
    return cast


def private_of(*seqs: int) -> list[object]:
    return list(LogRow.objects.filter(seq__in=seqs).order_by("seq").values_list("private", flat=True))


def test_an_untouched_log_is_whole(log: Cast) -> None:
    verdict = verify_log()
    assert (verdict.checked, verdict.erased, verdict.unpublished, verdict.is_whole) == (5, 0, 0, True)


@pytest.mark.parametrize("number", [0, -0.0, 1e-07, 0.1, 3, 999_999.999, 1_000_000])
def test_numbers_are_chained_as_the_database_gives_them_back(api: Api, cast: Cast, number: float) -> None:
    sent = {"title": "x", "project": str(cast.project.pk), "estimate": 1}
    made = api.as_(cast.member).post("/api/v1/tasks/", sent).json()
    changed = api.as_(cast.member).patch(f"/api/v1/tasks/{made['id']}/", {"estimate": number})
    assert str(changed.json()["estimate"]) == str(float(abs(number)))
    publish()
    verdict = verify_log()
    assert (verdict.unpublished, verdict.is_whole) == (0, True)


def test_erasing_a_person_breaks_nothing(log: Cast) -> None:
    assert erase_person(log.admin.pk) == 3
    assert "Admin" not in str(private_of(1, 2, 3))
    assert "10.1.2.3" not in str(private_of(1, 2, 3))
    assert "first secret" in str(private_of(1)), "the title is the project's, not the person's"
    assert "Member" in str(private_of(4))
    assert (verify_log().erased, verify_log().is_whole) == (3, True)


def test_erasing_texts_breaks_nothing(log: Cast) -> None:
    (first, *_) = LogRow.objects.order_by("n").values_list("object_id", flat=True)
    assert erase_texts([first]) == 2
    assert "first secret" not in str(recorded())
    assert "third secret" not in str(recorded()), "what hangs on the task goes with it"
    assert "second secret" in str(recorded())
    assert verify_log().is_whole


def test_addresses_are_kept_for_ninety_days(log: Cast) -> None:
    erase_texts(LogRow.objects.filter(seq=1).values_list("object_id", flat=True))
    assert erase_old_addresses() == 0
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert erase_old_addresses() == 3
        assert erase_old_addresses() == 0, "what was erased is not looked at again"
    assert "10.1.2.3" not in str(private_of(1, 2, 3, 4, 5))
    assert "Mozilla" not in str(private_of(1, 2, 3, 4, 5))
    assert "second secret" in str(private_of(2))
    assert verify_log().is_whole


@pytest.mark.parametrize(
    "change", [{"type": "task.updated"}, {"changes": {}}, {"object_key": "X-1"}, {"private": {"actor": "Eve"}}]
)
def test_a_changed_event_is_named(log: Cast, change: dict[str, object]) -> None:
    LogRow.objects.filter(seq=2).update(**change)
    assert verify_log().breaks == [2]


def test_a_removed_event_is_named(log: Cast) -> None:
    LogRow.objects.filter(seq=3).delete()
    verdict = verify_log()
    assert (verdict.breaks, verdict.gaps, verdict.is_whole) == ([], [3], False)


def test_a_cut_off_end_is_noticed(log: Cast) -> None:
    LogRow.objects.filter(seq=5).delete()
    assert verify_log().is_end_whole is False


def test_a_rewritten_link_is_noticed_by_the_next_one(log: Cast) -> None:
    LogRow.objects.filter(seq=2).update(hash="0" * 64)
    assert verify_log().breaks == [2, 3]


def test_a_log_of_which_the_oldest_part_is_not_kept_is_whole(log: Cast) -> None:
    LogRow.objects.filter(seq__lte=2).delete()
    Head.objects.update(kept_from=2)
    assert verify_log().is_whole


def test_the_command_tells_what_it_found(log: Cast) -> None:
    told, complained = StringIO(), StringIO()
    call_command("verify_log", stdout=told)
    assert "5 events checked" in told.getvalue()
    LogRow.objects.filter(seq=2).update(object_key="X-1")
    LogRow.objects.filter(seq=4).delete()
    with pytest.raises(CommandError):
        call_command("verify_log", stdout=told, stderr=complained)
    assert complained.getvalue().splitlines() == ["Events changed: 2.", "Events missing: 4."]

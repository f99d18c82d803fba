from datetime import timedelta

from django.test import override_settings

from tests.api import Api
from tests.cast import Cast
from tests.draining import drain
from tests.work.tasks.making import make_task
from workloom.core import clock
from workloom.core.clock import now
from workloom.events.prune import prune_old_events
from workloom.events.queries import log_rows
from workloom.events.verify import verify_log


def test_events_are_kept_for_ever_unless_told_otherwise(cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    drain()
    with clock.frozen(now() + timedelta(days=9000)):
        assert prune_old_events() == 0


@override_settings(EVENTS_KEEP_DAYS=30)
def test_old_ones_go_and_who_asks_for_them_is_told_to_read_anew(api: Api, cast: Cast) -> None:
    with clock.frozen(now() - timedelta(days=40)):
        make_task(cast.project, cast.admin, "old")
        drain()
    make_task(cast.project, cast.admin, "new")
    drain()
    assert prune_old_events() == 1
    assert log_rows().count() == 1
    assert verify_log().is_whole
    member = api.as_(cast.member)
    late = member.get("/api/v1/events/", {"after": "0"})
    assert (late.status_code, late.json()["code"]) == (410, "resync")
    assert member.get("/api/v1/events/", {"after": "1"}).json()["results"][0]["object"]["key"] == "NEAR-2"


@override_settings(EVENTS_KEEP_DAYS=30)
def test_an_import_of_old_things_is_no_reason_to_forget_what_stands_behind_it(cast: Cast) -> None:
    make_task(cast.project, cast.admin, "new")
    make_task(cast.project, cast.admin, "imported", created_at=now() - timedelta(days=900))
    drain()
    assert prune_old_events() == 0

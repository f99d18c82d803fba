from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils.module_loading import import_string

from workloom.core import clock
from workloom.events.ticks import next_time, run_ticks

DUTY = "workloom.core.http.idempotency.forget_old"


@pytest.mark.django_db
@override_settings(TICKS={DUTY: 60})
def test_a_duty_is_carried_out_once_in_each_interval() -> None:
    start = datetime(2026, 11, 21, 12, 0, 5, tzinfo=UTC)
    seen = []
    for second in (0, 1, 54, 55, 56, 200):
        with clock.frozen(start + timedelta(seconds=second)):
            seen.append(run_ticks())
    assert seen == [[DUTY], [], [], [DUTY], [], [DUTY]]


def die() -> None:
    raise SystemExit


@pytest.mark.django_db
@override_settings(TICKS={f"{__name__}.die": 3600, DUTY: 3600})
def test_what_a_process_that_dies_had_not_begun_is_left_to_the_next() -> None:
    with pytest.raises(SystemExit):
        run_ticks()
    assert run_ticks() == [DUTY]


def test_intervals_lie_on_whole_multiples_in_utc() -> None:
    assert next_time(datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), 3600) == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", settings.TICKS)
def test_every_duty_is_there(name: str) -> None:
    assert callable(import_string(name))


@pytest.mark.parametrize("name", sorted({name for names in settings.SEAMS.values() for name in names}))
def test_everybody_on_a_seam_is_there(name: str) -> None:
    assert callable(import_string(name))

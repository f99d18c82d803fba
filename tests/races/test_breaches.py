from collections import Counter
from datetime import date

import pytest

from tests.cast import Cast
from tests.log import recorded
from tests.races.together import at_once
from tests.work.tasks.making import make_tasks
from workloom.work.tasks.actions import record_breaches

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_ticks_at_once_tell_of_each_late_task_once(transactional_cast: Cast) -> None:
    cast = transactional_cast
    make_tasks(cast.project, cast.admin, [f"{n}" for n in range(40)], due_date=date(2026, 1, 1))
    at_once([record_breaches] * 4)
    assert Counter(name for name, _ in recorded("task.sla_breached")) == {"task.sla_breached": 40}
    assert record_breaches() == 0

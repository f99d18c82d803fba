"""SQLite has no queue of writers: the threads of a process make one, so that none is unlucky for long."""

import pytest
from django.db import connection
from django.db.models import F

from tests.races.together import at_once
from workloom.core import db
from workloom.core.db import after_commit, run_write
from workloom.events.models import Head

pytestmark = [pytest.mark.race, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
CROWD, TIMES = 4, 25


def test_nobody_meets_another_writer_of_the_same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "RETRIES", 0)
    Head.objects.create(pk=1)

    def count_once() -> None:
        Head.objects.filter(pk=1).update(seq=F("seq") + 1)

    def count() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=0")  # whoever meets another one fails at once
        for _ in range(TIMES):
            run_write(count_once)

    at_once([count] * CROWD)
    assert Head.objects.get(pk=1).seq == CROWD * TIMES


def test_what_runs_after_the_commit_may_write_too() -> None:
    Head.objects.create(pk=1)

    def write_and_follow() -> None:
        after_commit(lambda: run_write(lambda: Head.objects.filter(pk=1).update(kept_from=7)))
        Head.objects.filter(pk=1).update(seq=5)

    run_write(write_and_follow)
    assert Head.objects.values_list("seq", "kept_from").get(pk=1) == (5, 7)

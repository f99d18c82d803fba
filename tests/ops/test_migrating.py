import threading

import pytest
from django.core.management import call_command
from django.db import connection

from workloom.ops.migrating import migrate_if_needed, migration_lock, missing_migrations


@pytest.mark.django_db
def test_nothing_is_missing_from_a_database_that_was_just_made() -> None:
    assert missing_migrations() == set()
    assert migrate_if_needed() is False


@pytest.mark.django_db
def test_a_migration_that_the_database_does_not_know_is_missing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'events' AND name = '0001_initial'")
    assert missing_migrations() == {("events", "0001_initial")}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_process_migrates_and_the_others_wait_for_it() -> None:
    """Three connections want the lock; whoever holds it is alone, and all get their turn."""
    inside: list[int] = []
    most: list[int] = []
    first_is_in, may_leave = threading.Event(), threading.Event()

    def enter(number: int) -> None:
        try:
            with migration_lock():
                inside.append(number)
                most.append(len(inside))
                first_is_in.set()
                may_leave.wait(10)
                inside.remove(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    assert first_is_in.wait(10)
    may_leave.set()
    for thread in threads:
        thread.join(10)
    assert most == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_the_migrate_command_holds_the_lock_and_lets_go() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    assert missing_migrations() == set()

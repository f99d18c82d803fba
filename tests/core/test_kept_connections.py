"""A kept connection is looked at before each request: one whose server has gone is replaced, at no cost while it is there."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DataError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from workloom.core.statements import all_rows, own_connection, run_for_types, run_rows


@pytest.mark.postgres
def test_a_connection_in_order_costs_no_statement(transactional_db: None) -> None:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as asked:
        assert connection.is_usable()
    assert len(asked) == 0


@pytest.mark.postgres
def test_a_connection_that_the_server_closed_is_replaced(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [old] = cursor.fetchone()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [old])
    other.close()
    assert not connection.is_usable()
    connection.close_if_unusable_or_obsolete()  # as at the beginning of a request
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [new] = cursor.fetchone()
    assert new != old


@pytest.mark.postgres
def test_a_word_from_the_server_that_nobody_read_is_no_end(transactional_db: None) -> None:
    other = connections.create_connection("default")
    with connection.cursor() as cursor:
        cursor.execute("LISTEN a_word")
    with other.cursor() as cursor:
        cursor.execute("NOTIFY a_word")
    other.close()
    assert connection.is_usable()
    connection.close()


@pytest.mark.postgres
def test_a_transaction_in_which_nothing_was_sent_ends_all_the_same(transactional_db: None) -> None:
    ended: list[str] = []
    with transaction.atomic():
        transaction.on_commit(lambda: ended.append("first"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        transaction.on_commit(lambda: ended.append("second"))
    assert ended == ["first", "second"]
    assert connection.get_autocommit()
    assert connection.connection.info.transaction_status == TransactionStatus.IDLE


@pytest.mark.postgres
def test_what_a_cursor_knows_of_types_is_right_for_each_statement(transactional_db: None) -> None:
    asked = {
        "SELECT 1, 'a', now()::date": (int, str, date),
        "SELECT '1', 2.5, NULL::int": (str, Decimal, type(None)),
        "SELECT ARRAY[1], ARRAY['a'], true": (list, list, bool),
    }
    connection.ensure_connection()
    assert own_connection().kept_cursor() is not None
    for _ in range(12):  # the driver prepares a statement that comes again
        for sql, kinds in asked.items():
            [row] = run_rows(sql, (), all_rows)
            assert tuple(map(type, row)) == kinds
            assert run_for_types("SELECT %s::int, ARRAY[ROW(1, 'a'::text)]", (7,)) == (7, [(1, "a")])
            with pytest.raises(DataError):
                run_rows("SELECT 1 / %s", (0,), all_rows)
    [[number]] = run_rows("SELECT %s + 1", (41,), all_rows)
    [[text]] = run_rows("SELECT %s || 'b'", ("a",), all_rows)
    assert (number, text) == (42, "ab")

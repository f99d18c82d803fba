"""A kept connection is looked at before each request: one whose server has gone is replaced, at no cost while it is there."""

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext


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

"""What a web process does between requests: a connection that is too old goes, one that is still good stays."""

from collections.abc import Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.dispatch import Signal
from django.test.client import ClientHandler
from pytest_django import Settings

from workloom.config.serving.between import look_after_connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Leave the signals to other tests as they were."""
    both = (request_started, request_finished)
    kept = [list(signal.receivers) for signal in both]
    for signal in both:
        signal.connect(close_old_connections)
    yield
    for signal, receivers in zip(both, kept, strict=True):
        signal.receivers = receivers
        signal.sender_receivers_cache.clear()


@pytest.mark.parametrize("signal", [request_started, request_finished])
def test_a_connection_goes_when_it_is_too_old(signal: Signal) -> None:
    look_after_connection()
    connection.ensure_connection()
    connection.close_at = None
    signal.send(sender=WSGIHandler)
    kept = connection.connection
    assert kept is not None
    connection.close_at = 0
    signal.send(sender=WSGIHandler)
    assert connection.connection is None


def test_a_connection_goes_that_an_error_has_left_unusable(monkeypatch: pytest.MonkeyPatch) -> None:
    look_after_connection()
    connection.ensure_connection()
    connection.close_at, connection.errors_occurred = None, True
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    request_finished.send(sender=WSGIHandler)
    assert connection.connection is None


def test_all_is_as_ever_while_developing(settings: Settings) -> None:
    settings.DEBUG = True
    before = list(request_started.receivers)
    look_after_connection()
    assert request_started.receivers == before


def test_what_runs_in_a_transaction_of_its_own_is_left_alone() -> None:
    """As tests do by the framework's client, which tells of requests as somebody else."""
    look_after_connection()
    with transaction.atomic():
        request_finished.send(sender=ClientHandler)
        assert connection.is_usable()

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_django import Settings

from tests.outlets.webhooks.receiving import Receiver, receiving


@pytest.fixture(autouse=True)
def loopback_is_open(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW = [ip_network("127.0.0.0/8")]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who takes webhooks."""
    with receiving() as found:
        yield found


@pytest.fixture
def second_receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found

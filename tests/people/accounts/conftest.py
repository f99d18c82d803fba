from collections.abc import Callable

import pytest

from workloom.events.queries import log_rows


@pytest.fixture
def recorded() -> Callable[[], list[str]]:
    """The types of what this test wrote to the log, in order."""
    return lambda: list(log_rows().order_by("n").values_list("type", flat=True))

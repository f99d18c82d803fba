from collections.abc import Iterator

import pytest

from tests.outlets.realtime.listening import Listening


@pytest.fixture
def house(transactional_db: None) -> Iterator[Listening]:
    """A process that holds connections; what it reads must be committed."""
    made = Listening()
    yield made
    made.close()

from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast, make_cast


@pytest.fixture
def api(db: None, django_capture_on_commit_callbacks: Any) -> Api:
    """The server as a visitor sees it; `api.as_(user)` is somebody signed in."""
    return Api(django_capture_on_commit_callbacks)


@pytest.fixture
def cast(db: None) -> Cast:
    """One person for each role, and a stranger with a tenant of their own; see `Cast`."""
    return make_cast()

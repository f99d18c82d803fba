from typing import Any

import pytest

from tests.api import Api


@pytest.fixture
def api(db: None, django_capture_on_commit_callbacks: Any) -> Api:
    """The server as a visitor sees it; `api.as_(user)` is somebody signed in."""
    return Api(django_capture_on_commit_callbacks)

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def fixtures() -> Path:
    return HERE / "fixtures"

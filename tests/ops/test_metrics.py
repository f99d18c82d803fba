import pytest

from tests.api import Api
from workloom.ops.metrics import exposition


def counted(line: str) -> float:
    """The value of one series now; a series that nobody counted yet is nought."""
    for each in exposition()[0].decode().splitlines():
        if each.startswith(line):
            return float(each.rpartition(" ")[2])
    return 0


def test_requests_are_counted_by_route_and_not_by_address(api: Api) -> None:
    line = 'workloom_requests_total{method="GET",route="api/v1/health/",status="200"}'
    before = counted(line)
    for _ in range(3):
        api.get("/api/health/")
    assert counted(line) == before + 3


def test_addresses_that_nothing_is_at_share_one_series(api: Api) -> None:
    line = 'workloom_requests_total{method="GET",route="none",status="404"}'
    before = counted(line)
    for number in range(5):
        api.get(f"/api/nothing-{number}/")
    assert counted(line) == before + 5
    assert b"nothing-3" not in exposition()[0]


def test_the_page_is_for_prometheus(api: Api) -> None:
    reply = api.get("/metrics")
    assert reply["Content-Type"].startswith("text/plain; version=0.0.4")
    text = reply.content.decode()
    assert "# TYPE workloom_request_seconds histogram" in text
    assert "# TYPE workloom_process_resident_bytes gauge" in text


@pytest.mark.parametrize("method", ["BREW", "PROPFIND"])
def test_made_up_methods_share_one_series(api: Api, method: str) -> None:
    line = 'workloom_request_seconds_count{method="other",route="livez"}'
    before = counted(line)
    api.client.generic(method, "/livez")
    assert counted(line) == before + 1

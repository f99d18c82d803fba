import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from workloom.core.clock import now
from workloom.events.jobs import enqueue, run_due
from workloom.events.lives import breathe
from workloom.events.post import post_to_address
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


def test_the_queue_and_its_readers_have_their_figures(api: Api) -> None:
    enqueue("tests.unheard_of", {})
    enqueue("tests.unheard_of", {})
    assert counted('workloom_jobs{lane="quick",state="queued"}') == 2
    run_due()
    assert counted('workloom_jobs{lane="quick",state="queued"}') == 0
    assert counted('workloom_jobs{lane="quick",state="failed"}') == 2
    breathe("host:1", "worker", started_at=now())
    assert counted('workloom_workers{kind="worker"}') == 1
    text = exposition()[0].decode()
    for name in settings.CONSUMERS:
        assert f'workloom_consumer_lag_events{{consumer="{name}"}} 0.0' in text
        assert f'workloom_consumer_lag_seconds{{consumer="{name}"}} 0.0' in text


def test_mails_are_counted_by_their_state(api: Api) -> None:
    post_to_address("test", address="ada@example.org", key="one")
    assert counted('workloom_mails{state="queued"}') == 1
    run_due(lane="mail")
    assert (counted('workloom_mails{state="queued"}'), counted('workloom_mails{state="sent"}')) == (0, 1)


def test_figures_cost_no_more_queries_with_more_rows(api: Api) -> None:
    asked = []
    for count in (3, 30):
        for _ in range(count):
            enqueue("tests.unheard_of", {})
        with CaptureQueriesContext(connection) as queries:
            exposition()
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_without_the_database_those_of_the_process_stay(api: Api) -> None:
    def refuse(*_args: object) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(refuse):
        text = exposition()[0].decode()
    assert "workloom_process_resident_bytes" in text
    assert "workloom_jobs" not in text

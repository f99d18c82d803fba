"""Few series, chosen for the questions that people ask: how many requests, how slow, which fail, how much memory."""

import functools
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from workloom.ops.queue_metrics import QueueCollector

Next = Callable[[HttpRequest], HttpResponse]

_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_own = CollectorRegistry()
_requests = Counter("workloom_requests", "Requests answered.", ["route", "method", "status"], registry=_own)
_seconds = Histogram(
    "workloom_request_seconds", "Time to answer.", ["route", "method"], buckets=_BUCKETS, registry=_own
)


@functools.lru_cache(maxsize=5000)
def _series(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """Return the series of such an answer, which the library would find anew at each one."""
    return _requests.labels(route, method, str(status)), _seconds.labels(route, method)


class MetricsMiddleware:
    """Counts by route, never by address: each task's own address would be a series of its own."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        answer = self.get_response(request)
        match = request.resolver_match
        route = match.route if match is not None else "none"
        method = request.method if request.method in _METHODS else "other"
        requests, seconds = _series(route, method, answer.status_code)
        requests.inc()
        seconds.observe(time.perf_counter() - began)
        return answer


class ProcessCollector(Collector):
    """Memory and processor time of all processes of this server; on Linux, from /proc."""

    def collect(self) -> Iterator[Metric]:
        memory = GaugeMetricFamily("workloom_process_resident_bytes", "Memory in use.", labels=["pid"])
        spent = GaugeMetricFamily("workloom_process_cpu_seconds", "Processor time used so far.", labels=["pid"])
        for pid in _family():
            stat = Path(f"/proc/{pid}/stat")
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            memory.add_metric([pid], int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))
            spent.add_metric([pid], (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))
        yield memory
        yield spent


def _family() -> list[str]:
    """Under `serve` the workers are children of one parent; any other process speaks for itself."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return [str(os.getpid())]
    parent = os.getppid()
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return [str(os.getpid())]
    return [str(parent), *children]


def exposition() -> tuple[bytes, str]:
    """All workers together, whichever of them is asked."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library types only a part
        counted = b""
    else:
        counted = generate_latest(_own)
    registry.register(ProcessCollector())
    registry.register(QueueCollector())
    return counted + generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4

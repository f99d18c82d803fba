"""What follows the log and works the queue, in figures; each asked by a query that an index answers."""

import logging
from collections.abc import Iterator

from django.db import Error
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from workloom.core.mail.queries import counts
from workloom.events.consumers import list_consumers, oldest_unnumbered_s
from workloom.events.kept_jobs import count_jobs
from workloom.events.lives import count_living

logger = logging.getLogger("workloom.ops")


class QueueCollector(Collector):
    """Without a database these series are missing; those of the process stay."""

    def collect(self) -> Iterator[Metric]:
        try:
            families = [*_consumers(), _jobs(), _workers(), _mails()]
        except Error:
            logger.warning("No figures about the queue", exc_info=True)
            return
        yield from families


def _consumers() -> list[Metric]:
    events = GaugeMetricFamily("workloom_consumer_lag_events", "Events not read yet.", labels=["consumer"])
    seconds = GaugeMetricFamily("workloom_consumer_lag_seconds", "Wait of the oldest of them.", labels=["consumer"])
    for each in list_consumers():
        events.add_metric([each.name], each.behind)
        seconds.add_metric([each.name], each.lag_s)
    waiting = GaugeMetricFamily("workloom_unpublished_seconds", "Wait of the oldest event without a number.")
    waiting.add_metric([], oldest_unnumbered_s())
    return [events, seconds, waiting]


def _jobs() -> Metric:
    family = GaugeMetricFamily("workloom_jobs", "Jobs that wait or were given up.", labels=["lane", "state"])
    for labels, count in count_jobs().items():
        family.add_metric(labels, count)
    return family


def _workers() -> Metric:
    family = GaugeMetricFamily("workloom_workers", "Processes that work the queue.", labels=["kind"])
    for kind, count in count_living().items():
        family.add_metric([kind], count)
    return family


def _mails() -> Metric:
    family = GaugeMetricFamily("workloom_mails", "Mails in the ledger, which keeps them for 90 days.", labels=["state"])
    for state, count in counts().items():
        family.add_metric([state], count)
    return family

"""Celery's side of the queue: tasks that say where to look, run by threads that keep their database connections."""

import functools
import hashlib
import logging
import logging.config
import threading
from collections.abc import Callable
from typing import Any, Final, ParamSpec

from celery import Celery
from celery.signals import setup_logging, worker_ready, worker_shutdown, worker_shutting_down
from django.conf import settings
from kombu.entity import Exchange, Queue

from workloom.config.messages.brokers import broker_at, give_nothing_back
from workloom.config.settings.readers import SettingError
from workloom.events.footing import Footing
from workloom.events.jobs import due_jobs, give_back_jobs, run_due
from workloom.events.lives import Life
from workloom.events.ticks import run_frequent_ticks, run_rare_ticks
from workloom.events.workers import LANES, look

P = ParamSpec("P")

EXPIRE_S: Final = 60
"""Nobody needs an old wake-up; long enough for clocks of two hosts that do not quite agree."""
_MOST_KEPT: Final = 200
_THREADS: Final = 10
"""A seat for each job of the lanes, one for long duties, one for frequent ones, and one to spare."""


def _queue() -> Any:
    """One per installation, so that several may share a broker."""
    name = "workloom-" + hashlib.sha256(str(settings.DATABASES["default"]["NAME"]).encode()).hexdigest()[:12]
    make_queue: Any = Queue  # the library types only a part
    make_exchange: Any = Exchange
    return make_queue(
        name,
        make_exchange(""),
        routing_key=name,
        message_ttl=EXPIRE_S,
        max_length=_MOST_KEPT,
        # Threads would acknowledge on the connection that the main thread reads from; its client is not made for that.
        no_ack=True,
    )


def _made() -> Celery:
    if not settings.BROKER_URL:
        raise SettingError("BROKER_URL", "is missing, and Celery cannot work without a broker", "Set it or REDIS_URL.")
    broker, queue = broker_at(settings.BROKER_URL), _queue()
    if not broker.url.startswith("amqp"):
        give_nothing_back()
    made = Celery("workloom", broker=broker.url, fixups=[], set_as_current=True)
    made.conf.update(
        broker_transport_options=broker.options,
        broker_use_ssl=broker.secure or False,
        broker_connection_timeout=2,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_heartbeat=20,
        task_queues=[queue],
        task_default_queue=queue.name,
        task_default_exchange="",
        task_default_routing_key=queue.name,
        task_ignore_result=True,
        task_publish_retry=False,
        worker_pool="threads",
        worker_concurrency=_THREADS,
        worker_prefetch_multiplier=1,
        worker_enable_prefetch_count_reduction=False,
        # Its queue is locked to one connection under the host's name: with RabbitMQ a second worker of the host, or one
        # that starts again after a crash, would end at once. `/api/health/` tells who lives.
        worker_enable_remote_control=False,
        worker_redirect_stdouts=False,
        beat_scheduler="workloom.config.messages.beat:Beat",
        beat_max_loop_interval=1,
        enable_utc=True,
    )
    return made


app = _made()
_life: Final = Life("celery")
_ending = threading.Event()
_looked_for, _looking = threading.Event(), threading.Lock()
_ticking, _keeping_up = threading.Lock(), threading.Lock()
_seats: Final = {lane: threading.BoundedSemaphore(count) for lane, count in LANES.items()}
_own = threading.local()


def _kept(work: Callable[P, None]) -> Callable[P, None]:
    """Work on the thread's own connection; a fault is logged, and the next message, a second later at most, tries again."""

    @functools.wraps(work)
    def inside(*args: P.args, **kwargs: P.kwargs) -> None:
        footing: Footing = _own.__dict__.setdefault("footing", Footing())
        footing.renew()
        try:
            work(*args, **kwargs)
            footing.is_found()
        except Exception as error:  # noqa: BLE001 - the outermost wrapper of a message, which logs it
            footing.stumble(error)

    return inside


@_kept
def _look() -> None:
    """One look at a time in this process; a message that comes meanwhile makes it look once more."""
    _looked_for.set()
    while _looked_for.is_set() and _looking.acquire(blocking=False):
        try:
            _looked_for.clear()
            for lane in look():
                for _ in due_jobs(lane).values_list("pk")[: LANES[lane]]:
                    drain.apply_async((lane,), expires=EXPIRE_S)
        finally:
            _looking.release()


@_kept
def _tick() -> None:
    _alone(_ticking, run_frequent_ticks)
    _look()
    _alone(_keeping_up, run_rare_ticks)


def _alone(turn: threading.Lock, run: Callable[[], object]) -> None:
    if turn.acquire(blocking=False):
        try:
            run()
        finally:
            turn.release()


@_kept
def _drain(lane: str) -> None:
    """As many at a time as the lane has seats here: receivers that hang take no more than those."""
    if not _seats[lane].acquire(blocking=False):
        return
    try:
        while not _ending.is_set() and run_due(1, lane, stop=_ending):
            pass
    finally:
        _seats[lane].release()


look_around: Final = app.task(name="workloom.look")(_look)
tick: Final = app.task(name="workloom.tick")(_tick)
drain: Final = app.task(name="workloom.drain")(_drain)


def _keep_our_log(**_: Any) -> None:
    """The house's own lines and format; two lines for each message would bury the rest."""
    logging.config.dictConfig(settings.LOGGING)
    for name in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _begin(**_: Any) -> None:
    _life.begin()


def _stop_draining(**_: Any) -> None:
    _ending.set()


def _end(**_: Any) -> None:
    _give_back()
    _life.end()


@_kept
def _give_back() -> None:
    give_back_jobs()


setup_logging.connect(_keep_our_log)
worker_ready.connect(_begin)
worker_shutting_down.connect(_stop_draining)
worker_shutdown.connect(_end)

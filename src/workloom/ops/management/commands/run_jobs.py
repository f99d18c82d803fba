import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from workloom.events.workers import Worker

_GRACE_S = 8


class Command(BaseCommand):
    help = "Works the queue until it is stopped; any number of these may run beside each other."

    def handle(self, *_args: Any, **_options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("Working the queue until Ctrl-C.")
        self.stdout.flush()
        Worker("worker").run(stop, grace_s=_GRACE_S)

"""A publisher that numbers events, says so, and waits with its transaction open until it is killed."""

import threading

import django
from django.db import transaction

django.setup()

from workloom.events.models import LogRow  # noqa: E402 - after the setup
from workloom.events.publish import _locked_head, _publish_batch  # noqa: E402 - after the setup


@transaction.atomic
def number_and_wait() -> None:
    _locked_head()
    pause = threading.Event()
    while not LogRow.objects.filter(seq__isnull=True).exists():
        pause.wait(0.01)
    print(f"numbered {_publish_batch()}", flush=True)
    pause.wait()


if __name__ == "__main__":
    number_and_wait()

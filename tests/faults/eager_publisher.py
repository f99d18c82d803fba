"""A publisher that hardly rests: what it competes with has to share the numbers."""

import threading

import django

django.setup()

from workloom.events.publish import publish  # noqa: E402 - after the setup


def main() -> None:
    pause = threading.Event()
    while not pause.wait(0.0005):
        if publish():
            print("numbered", flush=True)


if __name__ == "__main__":
    main()

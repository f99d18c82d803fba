"""A publisher that never rests: what it competes with has to share the numbers."""

import django

django.setup()

from workloom.events.publish import publish  # noqa: E402 - after the setup


def main() -> None:
    numbered = 0
    while True:
        fresh = publish()
        numbered += fresh
        if fresh:
            print(f"numbered {numbered}", flush=True)


if __name__ == "__main__":
    main()

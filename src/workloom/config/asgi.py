"""The whole house on one port, and what stays open on a port of its own."""

from django.conf import settings

from workloom.config.serving.bridge import Bridge
from workloom.config.serving.outside import only_live, with_files, with_trusted_scheme
from workloom.config.serving.parent import end_with_parent
from workloom.config.serving.shortcut import past_the_loop
from workloom.config.wsgi import application as django_application
from workloom.outlets.realtime.doors.live import Live

live = Live()
_judged = with_trusted_scheme(django_application, proxies=settings.TRUSTED_PROXIES)
application = Bridge(with_files(_judged, prefix=settings.STATIC_URL), live=live, threads=settings.THREADS)
live_application = Bridge(only_live(_judged), live=live, threads=settings.THREADS)


def in_worker() -> Bridge:
    """What each web process of `serve` runs."""
    return _served(application)


def in_live_worker() -> Bridge:
    """What each process of `live` runs."""
    return _served(live_application)


def _served(bridge: Bridge) -> Bridge:
    end_with_parent()
    past_the_loop(bridge.take)
    return bridge

"""The whole house on one port."""

from django.conf import settings

from workloom.config.serving.bridge import Bridge
from workloom.config.serving.outside import with_files, with_trusted_scheme
from workloom.config.serving.parent import end_with_parent
from workloom.config.wsgi import application as django_application

application = Bridge(
    with_files(
        with_trusted_scheme(django_application, proxies=settings.TRUSTED_PROXIES),
        prefix=settings.STATIC_URL,
    ),
    threads=settings.THREADS,
)


def in_worker() -> Bridge:
    """What each web process of `serve` runs."""
    end_with_parent()
    return application

"""What stands outside Django in the WSGI half: files, and the scheme that a trusted proxy tells."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.contrib.staticfiles.finders import get_finders
from servestatic import ServeStatic

from workloom.config.serving.protocol import Environ, StartResponse, WsgiApp

_LIVE = re.compile(r"/api(/v1)?/events/stream/?|/livez|/readyz")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def static_folders() -> list[Path]:
    """Where the installed packages keep their files: served from there, so that nobody has to collect them."""
    folders = []
    for finder in get_finders():
        storages = getattr(finder, "storages", {})
        folders += [Path(storage.location) for storage in storages.values()]
    return [folder for folder in folders if folder.is_dir()]


def with_files(application: WsgiApp, *, prefix: str) -> WsgiApp:
    served = ServeStatic(application, max_age=3600, allow_all_origins=False, add_headers_function=_add_safe_headers)
    for folder in static_folders():
        served.add_files(folder, prefix=prefix)
    files = served.files

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] in files:
            found: Iterable[bytes] = served(environ, start_response)
            return found
        return application(environ, start_response)

    return answer


def _add_safe_headers(headers: dict[str, str], _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def only_live(application: WsgiApp) -> WsgiApp:
    """Lets through what belongs to live connections, and what asks whether the process is well."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if _LIVE.fullmatch(environ["PATH_INFO"]):
            return application(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"Only WebSocket and server-sent events are here; see docs/live.md.\n"]

    return answer


def with_trusted_scheme(application: WsgiApp, *, proxies: Sequence[Network]) -> WsgiApp:
    """Believes `X-Forwarded-Proto` from these proxies only; anybody else could pretend to come by https."""
    if not proxies:
        return application

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        told = environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")[-1].strip()
        if told in {"http", "https"} and _is_among(environ["REMOTE_ADDR"], proxies):
            environ["wsgi.url_scheme"] = told
        return application(environ, start_response)

    return answer


def _is_among(address: str, proxies: Sequence[Network]) -> bool:
    try:
        return any(ipaddress.ip_address(address) in network for network in proxies)
    except ValueError:
        return False

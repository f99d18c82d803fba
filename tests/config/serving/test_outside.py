from ipaddress import ip_network

import pytest

from workloom.config.serving.outside import with_files, with_trusted_scheme
from workloom.config.serving.protocol import Environ, Headers, StartResponse

PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]


def tell_scheme(environ: Environ, start_response: StartResponse) -> list[bytes]:
    start_response("200 OK", [])
    return [environ["wsgi.url_scheme"].encode()]


@pytest.mark.parametrize(
    ("address", "told", "scheme"),
    [
        ("10.1.2.3", "https", b"https"),
        ("2001:db8::1", "https", b"https"),
        ("10.1.2.3", "http, https", b"https"),
        ("10.1.2.3", "https, http", b"http"),
        ("10.1.2.3", "gopher", b"http"),
        ("192.0.2.1", "https", b"http"),
        ("unix", "https", b"http"),
    ],
)
def test_only_a_trusted_proxy_is_believed_about_the_scheme(address: str, told: str, scheme: bytes) -> None:
    environ = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_PROTO": told, "wsgi.url_scheme": "http"}
    application = with_trusted_scheme(tell_scheme, proxies=PROXIES)
    assert list(application(environ, lambda *_: None)) == [scheme]


def test_without_proxies_nothing_stands_in_between() -> None:
    assert with_trusted_scheme(tell_scheme, proxies=[]) is tell_scheme


def test_files_of_installed_packages_are_served_and_everything_else_goes_on() -> None:
    heads: list[tuple[str, Headers]] = []
    application = with_files(tell_scheme, prefix="/static/")

    def ask(path: str) -> bytes:
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.url_scheme": "http"}
        parts = application(environ, lambda status, headers: heads.append((status, headers)))
        body = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        return body

    assert b"font-family" in ask("/static/admin/css/base.css")
    status, headers = heads[0]
    assert status == "200 OK"
    assert dict(headers)["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in dict(headers)
    for path in ("/static/../settings.py", "/static/nothing.css", "/static/", "/api/"):
        assert ask(path) == b"http"

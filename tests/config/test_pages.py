import re

import pytest
from django.test import Client

from tests.config.test_documents import Addresses
from workloom import __version__


@pytest.mark.django_db
def test_the_bare_address_says_what_runs_here_and_where_to_go(client: Client) -> None:
    reply = client.get("/", headers={"Accept": "text/html"})
    assert (reply.status_code, reply["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = reply.content.decode()
    assert f"Version {__version__}" in page
    links = Addresses()
    links.feed(page)
    assert links.found == ["/api/docs/", "/api/redoc/", "/api/schema/", "/admin/", "/api/health/"]
    for address in links.found:
        assert client.get(address, follow=True).status_code == 200, address


@pytest.mark.django_db
def test_the_page_loads_nothing_runs_nothing_and_sets_no_cookie(client: Client) -> None:
    reply = client.get("/")
    page = reply.content.decode()
    assert not re.search(r"<script|<img|<link|@import|url\(|https?://", page)
    assert "'unsafe-inline'" not in reply["Content-Security-Policy"].partition("style-src")[0]
    assert not reply.cookies


@pytest.mark.django_db
def test_the_page_is_for_reading(client: Client) -> None:
    assert client.head("/").status_code == 200
    assert client.post("/").status_code == 405

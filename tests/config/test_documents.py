import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.core.management import CommandError, call_command
from django.test import Client

from workloom.config.documents import DOCUMENTS

PAGES = [
    *("/api/docs/", "/api/schema/swagger-ui/", "/api/redoc/", "/api/schema/redoc/"),
    *("/api/v1/docs/", "/api/v1/redoc/"),
]


class Addresses(HTMLParser):
    """Everything that a page makes a browser fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in {"src", "href", "spec-url"} and value]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_the_documentation_asks_no_other_host_and_finds_all_its_files(client: Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 200
    page = Addresses()
    page.feed(reply.content.decode())
    assert len(page.found) >= 2
    for address in page.found:
        assert address.startswith("/"), address
        if address.startswith("/static/"):
            assert find(address.removeprefix("/static/")), address
        else:
            assert client.get(address).status_code == 200, address
    assert "'self'" in reply["Content-Security-Policy"]
    assert not re.search(r"https?://", reply["Content-Security-Policy"])


@pytest.mark.django_db
def test_the_script_of_the_documentation_asks_no_validator(client: Client) -> None:
    script = client.get("/api/docs/", {"script": ""}).content.decode()
    assert '"validatorUrl": null' in script
    assert not re.search(r"https?://", script)


@pytest.mark.django_db
def test_a_request_for_a_strange_host_is_a_problem_document(client: Client) -> None:
    reply = client.get("/api/tasks/", headers={"Host": "evil.example"})
    assert reply.status_code == 400
    assert reply["Content-Type"] == "application/problem+json"
    assert reply.json()["code"] == "malformed_request"


@pytest.mark.django_db
def test_the_openapi_document_is_made_without_a_warning() -> None:
    text = DOCUMENTS["openapi.json"]()
    assert '"openapi": "3.1.0"' in text
    assert "/api/v1/health/" in text


def test_documents_are_written_and_found_stale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(DOCUMENTS, "openapi.json")
    with pytest.raises(CommandError, match=r"settings\.md"):
        call_command("write_docs", check=True)
    call_command("write_docs", stdout=StringIO())
    call_command("write_docs", check=True)
    (tmp_path / "docs" / "settings.md").write_text("old")
    with pytest.raises(CommandError, match="make docs"):
        call_command("write_docs", check=True)

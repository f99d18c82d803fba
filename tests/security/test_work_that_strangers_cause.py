"""Nobody without an account can make the server work for minutes or fill its memory."""

import time

import pytest
from django.core.cache import cache
from django.test import Client

from tests.api import Api
from workloom.core.http.parsing import LARGEST_BODY
from workloom.core.markdown import mentions, to_html

LOGIN = "/api/v1/auth/login/"
SOON_S = 20
"""Far over what it takes, far below what it took: these bodies once cost from twenty minutes to a day."""


def many_names() -> bytes:
    """A name twice at the end of as many others as fit."""
    names = ",".join(f'"{at}":0' for at in range(220_000))
    return f'{{{names},"219999":0}}'.encode()


def endless_text() -> bytes:
    """A text that never closes, with a quote at every second character, behind enough brackets to be looked at."""
    start = b"[" + b"[]," * 65 + b'"'
    return start + b'\\"' * ((LARGEST_BODY - len(start)) // 2)


@pytest.mark.parametrize("body", [many_names(), endless_text()], ids=["names", "text"])
def test_a_hostile_body_is_refused_soon(api: Api, body: bytes) -> None:
    began = time.perf_counter()
    answer = api.post(LOGIN, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
    assert time.perf_counter() - began < SOON_S


@pytest.mark.django_db
def test_the_document_is_written_once_whatever_is_added_to_its_address(client: Client) -> None:
    first = client.get("/api/schema/")
    cache.clear()
    answers = [client.get(f"/api/schema/?x={at}", headers={"Accept": f"a/b;q=0.{at}"}) for at in range(50)]
    assert {answer.content for answer in answers} == {first.content}
    assert len(getattr(cache, "_cache", {})) == 0


@pytest.mark.django_db
def test_the_document_comes_as_yaml_or_json(client: Client) -> None:
    assert client.get("/api/schema/").headers["Content-Type"] == "application/vnd.oai.openapi"
    as_json = client.get("/api/schema/", headers={"Accept": "application/json"})
    assert as_json.headers["Content-Type"] == "application/json"
    assert as_json.json()["openapi"] == "3.1.0"
    assert client.get("/api/schema/?format=json").content == as_json.content
    assert client.post("/api/schema/").status_code == 405


def table(columns: int, rows: int) -> str:
    return "|a" * columns + "|\n" + "|-" * columns + "|\n" + "x\n" * rows


@pytest.mark.parametrize(
    "text",
    [
        (table(500, 500) + "\n") * 33,
        ((table(500, 500) + "\n") * 33).replace("\n", "\r"),
        table(15_000, 20_000),
        "> " + table(20_000, 10_000),
        "- [ ] a\n" * 12_500,
        "![" * 50_000,
        "[" * 100_000,
        "* a\n" * 25_000,
        "_a" * 50_000,
        "\n".join("|-" * 40 for _ in range(1_200)),
    ],
    ids=["tables", "other_ends", "wide", "quoted", "boxes", "pictures", "brackets", "list", "emphasis", "rules"],
)
def test_a_hostile_text_is_read_soon(text: str) -> None:
    began = time.perf_counter()
    to_html(text[:100_000])
    mentions(text[:100_000])
    assert time.perf_counter() - began < SOON_S

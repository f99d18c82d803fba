"""The OpenAPI document: made without a warning, valid, and whole for every operation."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from tests.called import documented

METHODS = ("get", "post", "put", "patch", "delete")
ALWAYS = {"429", "500", "503"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    GENERATOR_STATS.reset()
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call] # the library has no types
    return made


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        _, kind, name = part["$ref"].removeprefix("#/").split("/")
        part = document["components"][kind][name]
    return part


def test_it_is_made_without_a_warning_and_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert not GENERATOR_STATS
    validate_schema(document)  # type: ignore[no-untyped-call] # the library has no types


def test_every_operation_of_the_code_is_in_it_under_the_canonical_address(document: dict[str, Any]) -> None:
    assert len(list(operations(document))) == len(documented()) > 100
    assert all(path.startswith("/api/v1/") for path in document["paths"])


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_every_operation_says_what_it_is_for_who_may_call_it_and_how_it_fails(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert len(operation["description"]) > 15, name
        assert "security" in operation, name
        assert set(operation["responses"]) >= ALWAYS, name
        if operation["security"] != [{}]:
            assert "401" in operation["responses"], name
        if "requestBody" in operation:
            assert set(operation["responses"]) >= {"400", "413", "415"}, name
        if "{" in name:
            assert "404" in operation["responses"], name
        assert any(status.startswith("2") for status in operation["responses"]), name


def test_every_body_and_answer_has_an_example_that_fits_its_schema(document: dict[str, Any]) -> None:
    wrong = []
    for name, operation in operations(document):
        contents = [operation["requestBody"]["content"]] if "requestBody" in operation else []
        contents += [resolved(document, answer).get("content", {}) for answer in operation["responses"].values()]
        for content in contents:
            for media, part in content.items():
                wrong += [f"{name}: {problem}" for problem in problems_of(document, media, part)]
    assert wrong == []


def problems_of(document: dict[str, Any], media: str, part: dict[str, Any]) -> Iterator[str]:
    if not part.get("examples"):
        yield f"{media} has no example"
    if not media.endswith("json"):
        return
    schema = {**part["schema"], "components": document["components"]}
    for example in part.get("examples", {}).values():
        for error in Draft202012Validator(schema).iter_errors(example["value"]):
            yield f"{'.'.join(map(str, error.absolute_path))}: {error.message[:120]}"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["docs/", "redoc/", "schema/swagger-ui/", "schema/redoc/"])
def test_its_pages_load_nothing_from_elsewhere(path: str) -> None:
    answer = Client().get(f"/api/{path}")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "http://" not in page.replace("http://testserver", "")
    assert "https://" not in page
    assert "default-src 'self'" in answer["Content-Security-Policy"]

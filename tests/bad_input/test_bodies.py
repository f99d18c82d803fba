"""Bodies that are no JSON, or more than we take: an answer that says what is wrong, and nothing written."""

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from workloom.work.tasks.models import Task

TASKS = "/api/v1/tasks/"

UNREADABLE = {
    "truncated": b'{"title": "x"',
    "byte order mark": b'\xef\xbb\xbf{"title": "x"}',
    "a name twice": b'{"title": "x", "title": "y"}',
    "a name twice inside": b'{"title": "x", "labels": [{"a": 1, "a": 2}]}',
    "NaN": b'{"title": "x", "estimate": NaN}',
    "infinity": b'{"title": "x", "estimate": -Infinity}',
    "too large a number": b'{"title": "x", "estimate": 1e400}',
    "too long a number": b'{"title": "x", "estimate": ' + b"1" * 5000 + b"}",
    "a hundred thousand deep": b"[" * 100_000,
    "deep in a field": b'{"title": ' + b"[" * 70 + b"]" * 70 + b"}",
    "invalid UTF-8": b'{"title": "\xff\xfe"}',
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "NUL escaped": b'{"title": "a\\u0000b"}',
    "NUL as it is": b'{"title": "a\x00b"}',
    "half a surrogate": b'{"title": "\\ud800"}',
    "a comment": b'{"title": "x"} // why',
    "single quotes": b"{'title': 'x'}",
    "nothing but a word": b"hello",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_a_400_with_its_place(api: Api, cast: Cast, body: bytes) -> None:
    answer = api.as_(cast.member).post(TASKS, body)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "malformed_json"
    assert Task.objects.count() == 0
    assert recorded() == []


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"7", b"true", b"null", b'[{"title": "x"}]'])
def test_json_that_is_no_object_is_a_400(api: Api, cast: Cast, body: bytes) -> None:
    answer = api.as_(cast.member).post(TASKS, body)
    assert answer.status_code == 400
    assert Task.objects.count() == 0


@pytest.mark.parametrize("value", [[], {}, 7, True, 1.5, None, [[[]]], {"a": {"b": []}}])
@pytest.mark.parametrize(
    "field",
    [
        "title",
        "description",
        "status",
        "priority",
        "project",
        "assignees",
        "due_date",
        "parent",
        "estimate",
        "is_completed",
        "id",
    ],
)
def test_values_of_another_kind_are_a_400_or_taken_for_what_they_are(
    api: Api, cast: Cast, field: str, value: object
) -> None:
    answer = api.as_(cast.member).post(TASKS, {"title": "x", "project": str(cast.project.pk), field: value})
    assert answer.status_code in (201, 400), answer.content
    if answer.status_code == 400:
        assert answer.json()["errors"][0]["field"].split(".")[0] == field
        assert Task.objects.count() == 0


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "nonsense",
    ],
)
def test_other_content_types_are_a_415(api: Api, cast: Cast, kind: str) -> None:
    answer = api.as_(cast.member).post(TASKS, b'{"title": "x"}', content_type=kind)
    assert answer.status_code == 415, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert Task.objects.count() == 0


def test_more_than_two_and_a_half_megabytes_is_a_413(api: Api, cast: Cast) -> None:
    answer = api.as_(cast.member).post(TASKS, b'{"title": "' + b"x" * 2_600_000 + b'"}')
    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"


def test_an_unknown_address_and_a_wrong_method_are_problems(api: Api, cast: Cast) -> None:
    member = api.as_(cast.member)
    missing, wrong = member.get("/api/v1/nowhere/"), member.put(TASKS, {})
    assert (missing.status_code, wrong.status_code) == (404, 405)
    assert {answer["Content-Type"] for answer in (missing, wrong)} == {"application/problem+json"}
    assert wrong["Allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/api/tasks", "/api/tasks/", "/api/v1/tasks", "/api/v1/tasks/"])
def test_the_address_needs_neither_version_nor_slash(api: Api, cast: Cast, path: str) -> None:
    answer = api.as_(cast.member).post(path, {"title": "x", "project": str(cast.project.pk)})
    assert answer.status_code == 201

"""What is read of a body is what the framework reads of it, whichever way it goes."""

import io
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import FormParser
from rest_framework.request import Request

from workloom.core.errors import Refused
from workloom.core.http.parsing import JsonParser, Unreadable
from workloom.core.http.requests import ApiRequest

BODY = b'{"title": "Paint", "labels": [1, 2.5, null]}'


def request_of(kind: type[Request], body: bytes, told: dict[str, str], parser: type[Any] = JsonParser) -> Any:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/tasks/",
        "SERVER_NAME": "test",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "CONTENT_LENGTH": str(len(body)),
        **told,
    }
    parsers, negotiator = [parser()], DefaultContentNegotiation()
    return kind(WSGIRequest(environ), parsers=parsers, negotiator=negotiator, parser_context={})


def outcome(request: Any) -> Any:
    try:
        return request.data
    except (Refused, APIException) as error:
        return type(error), str(error)


@pytest.mark.parametrize("body", [BODY, b"", b"  ", b"[]", b"null", b'{"a": 1, "a": 2}', b"{", b"\xff", b'{"a": NaN}'])
@pytest.mark.parametrize(
    "told",
    [
        {"CONTENT_TYPE": "application/json"},
        {"CONTENT_TYPE": "Application/JSON; charset=UTF-8"},
        {"CONTENT_TYPE": "application/json;q=1"},
        {"CONTENT_TYPE": "application/x-www-form-urlencoded"},
        {"CONTENT_TYPE": "text/plain"},
        {"CONTENT_TYPE": ""},
        {},
        {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "0"},
        {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": ""},
        {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "many"},
        {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "5"},
    ],
    ids=str,
)
def test_both_ways_come_to_the_same(body: bytes, told: dict[str, str]) -> None:
    assert outcome(request_of(ApiRequest, body, told)) == outcome(request_of(Request, body, told))


def test_what_was_read_already_is_read_again() -> None:
    request = request_of(ApiRequest, BODY, {"CONTENT_TYPE": "application/json"})
    assert request._request.body == BODY
    assert request.data["title"] == "Paint"


def test_of_a_body_that_cannot_be_read_nothing_remains() -> None:
    request = request_of(ApiRequest, b"{", {"CONTENT_TYPE": "application/json"})
    with pytest.raises(Unreadable):
        _ = request.data
    assert request.data == {}


def test_another_parser_is_asked_as_ever() -> None:
    form, json = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}, {"CONTENT_TYPE": "application/json"}
    assert request_of(ApiRequest, b"title=Paint", form, FormParser).data["title"] == "Paint"
    with pytest.raises(UnsupportedMediaType):
        _ = request_of(ApiRequest, BODY, json, FormParser).data

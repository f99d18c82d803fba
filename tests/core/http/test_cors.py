"""What pages of other origins may send and read."""

from django.test import override_settings

from tests.api import Api

HERE, ELSEWHERE = "https://app.example.org", "https://evil.example.org"


def test_other_origins_are_let_in_by_name_only(api: Api) -> None:
    with override_settings(CORS_ALLOWED_ORIGINS=[HERE]):
        answers = {origin: api.get("/api/v1/tasks/", headers={"Origin": origin}) for origin in (HERE, ELSEWHERE)}
    assert answers[HERE]["Access-Control-Allow-Origin"] == HERE
    assert not answers[ELSEWHERE].has_header("Access-Control-Allow-Origin")
    exposed = {name.strip() for name in answers[HERE]["Access-Control-Expose-Headers"].split(",")}
    promised = {"ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID"}
    assert exposed == promised | {"Idempotency-Replayed"}


def test_answers_depend_on_the_origin_even_where_none_is_named(api: Api) -> None:
    with override_settings(CORS_ALLOWED_ORIGINS=[HERE]):
        answer = api.get("/api/v1/tasks/")
    assert "origin" in answer["Vary"]
    assert not answer.has_header("Access-Control-Allow-Origin")


def test_a_preflight_allows_what_clients_of_the_api_send(api: Api) -> None:
    asked = {"Origin": HERE, "Access-Control-Request-Method": "PATCH"}
    with override_settings(CORS_ALLOWED_ORIGINS=[HERE]):
        answer = api.send("OPTIONS", "/api/v1/tasks/", headers=asked)
    assert answer.status_code == 200
    assert "PATCH" in answer["Access-Control-Allow-Methods"]
    allowed = {name.strip() for name in answer["Access-Control-Allow-Headers"].split(",")}
    assert {"authorization", "idempotency-key", "if-match", "if-none-match", "x-request-id"} <= allowed

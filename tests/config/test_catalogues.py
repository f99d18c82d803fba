import re
from collections.abc import Callable

import pytest

from tests.architecture.sources import ROOT
from workloom.config.event_catalogue import events_page
from workloom.config.problem_codes import Found, codes_in_the_code, problems_page
from workloom.events.record import Event


@pytest.fixture(scope="module")
def found() -> Found:
    return codes_in_the_code()


@pytest.mark.parametrize(("name", "made"), [("events.md", events_page), ("problems.md", problems_page)])
def test_the_committed_page_is_what_the_code_says(name: str, made: Callable[[], str]) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made(), "run: make docs"


def test_every_type_of_event_stands_once_in_the_catalogue_with_its_meaning() -> None:
    page = events_page()
    rows = re.findall(r"^\| `([a-z_.]+)` \| [a-z_]+ \| [a-z ]+ \| (.+) \|$", page, re.MULTILINE)
    listed = [name for name, _ in rows]
    assert len(listed) == len(set(listed))
    assert set(listed) == {name for name, kind in Event.known.items() if kind.__module__.startswith("workloom.")}
    assert all(len(means) > 10 for _, means in rows)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("invalid", 400),
        ("not_authenticated", 401),  # the default of its kind
        ("forbidden", 403),
        ("not_found", 404),
        ("method_not_allowed", 405),
        ("guard_failed", 409),
        ("resync", 410),  # a kind of one room
        ("stale", 412),
        ("malformed_json", 400),  # handed on by a kind of its own
        ("idempotency_key_reused", 422),
        ("throttled", 429),
        ("internal_error", 500),  # its status is written on the refusal
        ("busy", 503),
    ],
)
def test_a_code_is_found_with_its_status(found: Found, code: str, status: int) -> None:
    assert [key for key in found.answers if key[0] == code] == [(code, status)]
    assert found.answers[code, status]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("required", "This field is required."),  # of the framework's fields
        ("colour", "Send a colour as #rrggbb, for example #3b82f6."),  # of our own
        ("unknown_parameter", "There is no parameter … here.… Allowed: …."),  # put together by a function
        ("unknown_status", "There is no status “…”. There are: …."),  # from a variable
        ("contradiction", "… and … name the same thing and differ. Send one of them."),
    ],
)
def test_a_fields_code_is_found_with_what_it_says(found: Found, code: str, words: str) -> None:
    assert found.fields[code] == words


def test_what_is_wrong_with_a_file_is_no_status_of_an_answer(found: Found) -> None:
    assert {"truncated", "wrong_kind", "file_kind"} <= set(found.files)
    assert "truncated" not in {code for code, _ in found.answers}

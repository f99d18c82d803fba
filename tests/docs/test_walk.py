import json
import re
from typing import Any

import pytest

from tests.architecture.sources import ROOT
from tests.docs.conftest import Reader, blocks_of

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]
Said = dict[str, list[str]]


@pytest.fixture(scope="module")
def said(reader: Reader) -> Said:
    """The page for developers goes on where the walk ends, so one shell runs both."""
    return reader.types("README.md", "docs/api.md")


def answers(text: str) -> list[Any]:
    """JSON documents that stand behind each other, with or without a line end between them."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


def test_the_walk_of_the_readme_goes_where_it_says(said: Said) -> None:
    assert len(said["README.md"]) == len(blocks_of("README.md")) == 9
    _, account, _, _, _, task, three, found, feed = (answers(text) for text in said["README.md"])
    assert account[0]["name"] == "Ada"
    assert (task[0]["key"], task[0]["status"], task[0]["priority"]) == ("ENG-1", "todo", "high")
    moved, comment, board = three
    assert (moved["key"], moved["status"]) == ("ENG-1", "in_progress")
    assert comment["body"] == "Screenshots are missing."
    assert [column["name"] for column in board["columns"]] == ["Next", "Doing", "Done"]
    assert [row["key"] for row in found[0]["results"]] == ["ENG-1"]
    types = [row["type"] for row in feed[0]["results"]]
    assert types[-3:] == ["task.created", "task.status_changed", "comment.created"]


def test_the_examples_for_developers_do_what_they_say(said: Said) -> None:
    texts = said["docs/api.md"]
    assert len(texts) == len(blocks_of("docs/api.md")) == 11
    by_key, problem, etag, versions, twice, dry, bulk, lists, feed, told, wishes = texts
    assert json.loads(by_key)["key"] == "ENG-1"
    assert json.loads(problem)["errors"][0]["code"] == "unknown_field"
    assert re.fullmatch(r'(?i)etag: "\d+"\s*', etag)
    merged, refused = answers(versions)
    assert merged["estimate"] == 3
    assert (refused["code"], refused["current"]["status"]) == ("stale", "in_progress")
    assert twice.split() == ["ENG-2", "ENG-2"]
    assert dry.strip() == "Only thought of"
    results = json.loads(bulk)["results"]
    assert [(row["op"], row["status"]) for row in results] == [("update", 200), ("create", 201), ("move", 200)]
    narrowed, counted, statistics = answers(lists)
    assert [row["key"] for row in narrowed["results"]] == ["ENG-1", "ENG-3"]
    assert (counted["count"], counted["results"]) == (1, [{"key": "ENG-3"}])
    assert statistics["total"] == 3
    page, activity = answers(feed)
    assert [row["type"].split(".")[0] for row in page["results"]] == ["task"] * 3
    assert activity["results"][-1]["type"] == "task.created"
    notifications, unread, marked = answers(told)
    assert notifications["results"] == []
    assert (unread, marked) == ({"unread_count": 0}, {"marked": 0, "unread_count": 0})
    profile, project = answers(wishes)
    assert profile["notification_settings"]["quiet_hours"] == {"from": "22:00", "to": "07:00"}
    assert profile["notification_settings"]["kinds"]["commented"] == {"in_app": True, "mail": "off"}
    assert project["effective"]["commented"] == {"in_app": True, "mail": "now"}


def test_the_commands_of_the_readme_are_those_that_the_pipeline_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^    make test ", readme, re.MULTILINE)
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec make test")

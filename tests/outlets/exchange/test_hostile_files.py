"""Broken, truncated and hostile files: a sentence with the place, never a crash."""

import codecs
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from workloom.core.errors import Invalid
from workloom.outlets.exchange.sources import KINDS, read_plan
from workloom.outlets.exchange.sources.files import MAX_BYTES, Unreadable
from workloom.outlets.exchange.sources.json_file import MAX_ENTRY, read_entries

BROKEN_JSON: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "file_empty", ""),
    "only blanks": (b"  \n ", "file_kind", "line 2, column 2"),
    "no JSON": (b"title,notes\nA,B\n", "file_kind", "line 1, column 1"),
    "deep lists": (b"[" * 100_000, "too_deep", "line 1, column 65 ([0])"),
    "deep objects": (b'{"cards":[' + b'{"a":' * 100_000, "too_deep", "line 1, column 326 (cards[0])"),
    "cut off in a list": (b'{"cards":[1,\n2', "truncated", "line 2, column 2 (cards)"),
    "cut off in a string": (b'{"cards":[{"a":"x\n', "truncated", "line 2, column 1 (cards[0])"),
    "cut off in a name": (b'{"cards', "json", "line 1, column 2"),
    "cut off after a colon": (b'{"a":', "truncated", "line 1, column 6 (a)"),
    "a NUL in a string": (b'[{"a":"x\0y"}]', "json", "line 1, column 9 ([0])"),
    "a NUL at the end": (b"[]\0", "json", "line 1, column 3"),
    "bytes that are not UTF-8": (b'{\n "a": "\xc3\xa4\xff"}', "encoding", "line 2, column 9 (a)"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "encoding", ""),
    "a key twice outside": (b'{"cards":[],"cards":[]}', "duplicate_key", "line 1, column 21"),
    "a key twice inside": (b'[{"number":1,"number":2}]', "json", "line 1, column 2 ([0])"),
    "a number beyond all bounds": (b'[{"pos":1e400}]', "json", "line 1, column 2 ([0])"),
    "a number without end": (b"[1" + b"0" * 5000 + b"]", "json", "line 1, column 2 ([0])"),
    "no number": (b"[NaN]", "json", "line 1, column 2 ([0])"),
    "infinity": (b'{"a":-Infinity}', "json", "line 1, column 6 (a)"),
    "brackets crossed": (b'[{"a":[}]]', "json", "line 1, column 8 ([0])"),
    "a comma too many": (b"[1,]", "json", "line 1, column 4 ([1])"),
    "a comma too few": (b'{"a":[{}\n{}]}', "json", "line 2, column 1 (a)"),
    "a colon too few": (b'{"a" 1}', "json", "line 1, column 6"),
    "a name without quotes": (b"{a:1}", "json", "line 1, column 2"),
    "something after the end": (b"{}\n{}", "json", "line 2, column 1"),
    "an entry without end": (b'["' + b"x" * MAX_ENTRY + b'"]', "entry_too_large", "line 1, column 2 ([0])"),
    "a thousand members": (
        json.dumps({str(number): number for number in range(1001)}).encode(),
        "too_many",
        "line 1, column 11789",
    ),
    "a zip archive": (b"PK\x03\x04rest", "file_kind", ""),
    "a web page": (b"\n<!doctype html>", "file_kind", ""),
    "a compressed file": (b"\x1f\x8b\x08", "file_kind", ""),
}


@pytest.mark.parametrize("name", BROKEN_JSON)
@pytest.mark.parametrize("kind", ["trello", "github"])
def test_broken_json_is_refused_with_its_place(kind: str, name: str) -> None:
    data, code, place = BROKEN_JSON[name]
    with pytest.raises(Unreadable) as refusal:
        list(read_entries(BytesIO(data)))
    assert (refusal.value.code, str(refusal.value.place or "")) == (code, place)
    assert refusal.value.detail.endswith(".")
    with pytest.raises(Unreadable):
        read_plan(kind, BytesIO(data))


BROKEN_TABLES: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "file_empty", ""),
    "only blank lines": (b"\n \n\n", "file_empty", ""),
    "a quote that never closes": (b'title\nA\n"B\nC\n', "truncated", "line 3"),
    "a quote in the wrong place": (b'title,x\n"A"b,c\n', "csv", "line 2"),
    "a NUL": (b"title\nA\0B\n", "nul", "line 2, column 2"),
    "bytes that are not UTF-8": (b"title\nA\nna\xefve\n", "encoding", "line 3, column 3"),
    "half of UTF-16": (codecs.BOM_UTF16_LE + b"t\0i\0t\0l\0e\0\n\0A", "encoding", ""),
    "JSON": (b'\xef\xbb\xbf [{"title": 1}]', "wrong_kind", "line 1"),
    "no title": (b"when,where\n1,2\n", "no_title_column", "line 1"),
    "a thousand columns": (b"title" + b",x" * 1001 + b"\n", "too_many", "line 1"),
    "a cell of 11 MB": (b'title\n"' + b"x" * 11 * 1024 * 1024 + b'"\n', "cell_too_long", "line 2"),
    "a spreadsheet": (b"PK\x03\x04rest", "file_kind", ""),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0rest", "file_kind", ""),
}


@pytest.mark.parametrize("name", BROKEN_TABLES)
def test_a_broken_table_is_refused_with_its_place(name: str) -> None:
    data, code, place = BROKEN_TABLES[name]
    with pytest.raises(Unreadable) as refusal:
        read_plan("csv", BytesIO(data))
    assert (refusal.value.code, str(refusal.value.place or "")) == (code, place)
    assert refusal.value.detail.endswith(".")


@pytest.mark.parametrize(
    ("kind", "other"),
    [(kind, other) for kind in KINDS for other in ("trello-board.json", "github-issues.json", "tasks.csv")],
)
def test_a_file_of_another_kind_is_refused(kind: str, other: str, fixtures: Path) -> None:
    if other.startswith(kind) or (kind, other) == ("csv", "tasks.csv"):
        assert read_plan(kind, fixtures / other).tasks
        return
    with pytest.raises(Unreadable) as refusal:
        read_plan(kind, fixtures / other)
    assert refusal.value.code in {"wrong_kind", "file_kind"}


def test_a_list_of_something_else_is_not_a_list_of_issues() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_plan("github", BytesIO(b'[{"name": "x"}, 5, null]'))
    assert refusal.value.code == "wrong_kind"
    assert "number" in refusal.value.detail


def test_an_unknown_kind_and_a_useless_map_are_refused(fixtures: Path) -> None:
    with pytest.raises(Invalid, match="Did you mean trello"):
        read_plan("trelo", fixtures / "tasks.csv")


def cards(change: Callable[[list[dict[str, object]]], None], fixtures: Path) -> BytesIO:
    board = json.loads((fixtures / "trello-board.json").read_text())
    change(board["cards"])
    return BytesIO(json.dumps(board).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"idList": None},
        {"idLabels": "red"},
        {"due": "tomorrow"},
        {"due": "2020-01-01T00:00:00"},
        {"pos": "top"},
        {"pos": True},
        {"closed": "yes"},
        {"attachments": [{"bytes": 1.5}]},
        {"customFieldItems": [{"value": 3}]},
    ],
    ids=str,
)
def test_a_card_of_the_wrong_shape_is_left_out_and_named(change: dict[str, object], fixtures: Path) -> None:
    plan = read_plan("trello", cards(lambda found: found[0].update(change), fixtures))
    assert "Second in order" not in [task.title for task in plan.tasks]
    assert plan.problems[0].place.path == "cards[0]"


def test_characters_that_no_database_holds_are_replaced_and_named() -> None:
    data = b'[{"number":1,"title":"a\\u0000b","body":"\\ud800 \\ud83d\\ude00","created_at":"2020-01-01T00:00:00Z"}]'
    plan = read_plan("github", BytesIO(data))
    assert (plan.tasks[0].title, plan.tasks[0].description) == ("a\ufffdb", "\ufffd 😀")
    assert [(one.code, one.count) for one in plan.adjustments if one.code == "characters_replaced"] == [
        ("characters_replaced", 1)
    ]


def test_a_backslash_before_u0000_is_only_text() -> None:
    data = b'[{"number":1,"title":"\\\\u0000","created_at":"2020-01-01T00:00:00Z"}]'
    plan = read_plan("github", BytesIO(data))
    assert plan.tasks[0].title == "\\u0000"
    assert "characters_replaced" not in [one.code for one in plan.adjustments]


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1899-12-31T00:00:00Z"])
def test_times_that_mean_none_are_left_out_and_named(time: str, fixtures: Path) -> None:
    plan = read_plan(
        "trello", cards(lambda found: found[0].update(due=time, start=time, dateLastActivity=time), fixtures)
    )
    task = next(task for task in plan.tasks if task.title == "Second in order")
    assert (task.due_at, task.start_date, task.updated_at) == (None, None, None)
    assert next(one for one in plan.losses if one.code == "time_out_of_range").count == 3
    table = read_plan("csv", BytesIO(f"title,due,created\nA,0001-01-01,{time}\n".encode()))
    assert (table.tasks[0].due_date, table.tasks[0].created_at) == (None, None)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert [entry.value for entry in read_entries(BytesIO(codecs.BOM_UTF8 + b"[1, 2]"))] == [1, 2]


def test_a_file_over_the_bound_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    with file.open("wb") as large:
        large.truncate(MAX_BYTES + 1)
    with pytest.raises(Unreadable) as refusal:
        read_plan("trello", file)
    assert refusal.value.code == "file_too_large"


def test_a_ring_of_many_parents_is_opened_once_and_cut_into_pieces() -> None:
    rows = "".join(f"{number},T{number},{(number + 1) % 5000}\n" for number in range(5000))
    plan = read_plan("csv", BytesIO(f"id,title,parent\n{rows}".encode()))
    losses = {one.code: one.count for one in plan.losses}
    assert losses == {"parent_cycle": 1, "too_deep": 50}
    assert sum(task.parent is None for task in plan.tasks) == 51
    seen: set[str] = set()
    for task in plan.tasks:
        assert task.parent is None or task.parent in seen
        seen.add(task.source_id)

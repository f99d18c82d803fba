import csv
import io
import json
import tracemalloc
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.factories import PASSWORD, make_user
from tests.work.tasks.making import make_task, make_tasks
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.events.models import LogRow
from workloom.outlets.history.rules import cell

AUDIT = "/api/v1/audit-logs/"


def rows(api: Api, **query: Any) -> list[dict[str, Any]]:
    """Return what somebody reads."""
    reply = api.get(AUDIT, query)
    assert reply.status_code == 200, reply.content
    found: list[dict[str, Any]] = reply.json()["results"]
    return found


def test_a_row_has_the_names_that_audit_logs_usually_have(api: Api, cast: Cast) -> None:
    body = {"title": "T", "project": str(cast.project.pk)}
    task = api.as_(cast.member).post("/api/v1/tasks/", body, headers={"User-Agent": "curl"}).json()
    (row,) = rows(api.as_(cast.admin), model_name="Task")
    assert (row["user_id"], row["action"], row["model_name"]) == (str(cast.member.pk), "created", "task")
    assert (row["ip_address"], row["user_agent"]) == ("127.0.0.1", "curl")
    assert row["timestamp"] == row["occurred_at"]
    assert (row["object"]["id"], row["type"]) == (task["id"], "task.created")


def test_each_reads_where_they_administer(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    make_task(cast.far_project, cast.outsider)
    make_user("ada", password=PASSWORD)
    api.post("/api/v1/auth/login/", {"username": "ada", "password": PASSWORD})
    near = {"admin", "owner", "workspace_admin"}
    for name in near:
        assert (name, [row["project"] for row in rows(api.as_(cast.people[name]))]) == (name, [str(cast.project.pk)])
    assert [row["project"] for row in rows(api.as_(cast.outsider))] == [str(cast.far_project.pk)]
    everything = rows(api.as_(cast.operator))
    assert {row["project"] for row in everything} == {str(cast.project.pk), str(cast.far_project.pk), None}
    assert "session" in {row["model_name"] for row in everything}
    assert rows(api.as_(cast.admin), project=str(cast.far_project.pk)) == []
    assert len(rows(api.as_(cast.token("read", projects=[cast.project])))) == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [("manager", 403), ("member", 403), ("viewer", 403), ("guest", 403), ("workspace_member", 403), (None, 401)],
)
@pytest.mark.parametrize("shape", ["json", "csv"])
def test_who_administers_nothing_reads_nothing(api: Api, cast: Cast, name: str | None, status: int, shape: str) -> None:
    make_task(cast.project, cast.admin)
    person = api.as_(cast.people[name] if name else None)
    assert person.get(AUDIT, {"format": shape}).status_code == status


def test_the_trash_is_audited_too(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    admin.delete(f"/api/v1/projects/{cast.project.pk}/")
    assert "project.trashed" in {row["type"] for row in rows(admin)}


def test_filters(api: Api, cast: Cast) -> None:
    member, admin = api.as_(cast.member), api.as_(cast.admin)
    task = member.post("/api/v1/tasks/", {"title": "T", "project": str(cast.project.pk)}).json()
    admin.patch(f"/api/v1/tasks/{task['id']}/", {"title": "U"})
    member.post(f"/api/v1/tasks/{task['id']}/comments/", {"body": "x"})
    soon = (now() + timedelta(minutes=1)).isoformat()
    for query, count in (
        ({"user": "me"}, 1),
        ({"user_id": str(cast.member.pk)}, 2),
        ({"action": "created"}, 2),
        ({"action": "task.created,task.updated"}, 2),
        ({"action!": "created"}, 1),
        ({"model_name": "comment"}, 1),
        ({"object": task["id"]}, 2),
        ({"object": "near-1"}, 3),
        ({"ip_address": "127.0.0.1"}, 3),
        ({"ip_address": "10.0.0.1"}, 0),
        ({"after": "2020-01-01"}, 3),
        ({"after": soon}, 0),
        ({"before": soon}, 3),
        ({"project": str(cast.project.pk)}, 3),
        ({"project": str(uuid7())}, 0),
    ):
        assert (query, len(rows(admin, **query))) == (query, count)


@pytest.mark.parametrize(
    "query",
    [
        {"usr": "x"},
        {"user": "x"},
        {"action": "exploded"},
        {"model_name": "x"},
        {"object": "x"},
        {"after": "x"},
        {"format": "xml"},
        {"expand": "user"},
        {"cursor": "x"},
        {"ip_address": "\0"},
    ],
)
def test_what_is_not_known_is_refused(api: Api, cast: Cast, query: dict[str, str]) -> None:
    reply = api.as_(cast.admin).get(AUDIT, query)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, next(iter(query)))


def test_a_table_holds_no_formula(api: Api, cast: Cast) -> None:
    cast.member.name = "=HYPERLINK(1)"
    cast.member.save(update_fields=["name"])
    body = {"title": 'a,"b"\nc', "project": str(cast.project.pk)}
    api.as_(cast.member).post("/api/v1/tasks/", body, headers={"User-Agent": "@SUM(1)"})
    reply = api.as_(cast.admin).get(AUDIT, {"format": "csv"})
    assert reply["Content-Type"] == "text/csv; charset=utf-8"
    assert reply["Content-Disposition"] == 'attachment; filename="audit-logs.csv"'
    table = reply.getvalue()
    assert api.as_(cast.admin).get(AUDIT, headers={"Accept": "text/csv, */*;q=0.5"}).getvalue() == table
    (row,) = csv.DictReader(io.StringIO(table.decode(), newline=""))
    assert (row["user"], row["user_agent"]) == ("'=HYPERLINK(1)", "'@SUM(1)")
    assert (row["type"], row["object_key"], row["user_id"]) == ("task.created", "NEAR-1", str(cast.member.pk))
    assert row["timestamp"].endswith("Z")
    assert json.loads(row["changes"])["title"] == [None, body["title"]]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_cells_that_begin_like_formulas_are_quoted(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell(f"x{text}") == f"x{text}"


def test_a_file_of_lines_has_the_rows_of_the_list(api: Api, cast: Cast) -> None:
    make_tasks(cast.project, cast.admin, ["a", "b", "c"])
    admin = api.as_(cast.admin)
    reply = admin.get(AUDIT, {"format": "jsonl", "action": "created"})
    assert [json.loads(line) for line in reply.getvalue().splitlines()] == rows(admin)
    turned = admin.get(AUDIT, {"format": "jsonl", "ordering": "recorded"}).getvalue().splitlines()
    assert [json.loads(line) for line in turned] == rows(admin)[::-1]


@pytest.mark.parametrize("name", ["page", "page_size", "cursor", "count", "fields"])
def test_a_file_has_no_pages(api: Api, cast: Cast, name: str) -> None:
    reply = api.as_(cast.admin).get(AUDIT, {"format": "csv", name: "1"})
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, name)


def _fill(cast: Cast, number: int) -> None:
    make_task(cast.project, cast.admin)
    pattern = LogRow.objects.latest("n")
    blank = {"seq": None, "n": None}
    values = {field.attname: getattr(pattern, field.attname) for field in LogRow._meta.fields}
    values["private"] = {**values["private"], "changes": {"title": [None, "x" * 1000]}}
    LogRow.objects.bulk_create([LogRow(**{**values, **blank, "id": uuid7()}) for _ in range(number)], batch_size=500)


def _read(admin: Api) -> int:
    reply = admin.get(AUDIT, {"format": "jsonl"})
    return sum(len(part) for part in reply.streaming_content)


def test_a_long_file_takes_no_more_memory_than_a_short_one(api: Api, cast: Cast) -> None:
    admin, peaks = api.as_(cast.admin), []
    for number in (1000, 5000):
        _fill(cast, number)
        assert _read(admin) > number * 1000  # the process keeps a bounded number of ids, and has all of these now
        tracemalloc.start()
        _read(admin)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.1


def test_a_long_list_costs_as_many_queries_as_a_short_one(api: Api, cast: Cast) -> None:
    admin, costs = api.as_(cast.admin), []
    for number in (3, 300):
        _fill(cast, number)
        with CaptureQueriesContext(connection) as queries:
            assert rows(admin, page_size=200)
        costs.append(len(queries))
    assert costs[0] == costs[1]

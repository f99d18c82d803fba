from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.outlets.exchange.importing import bring_in
from workloom.events.jobs import run_due
from workloom.outlets.exchange.models import Import
from workloom.outlets.exchange.sources.files import MAX_BYTES
from workloom.work.tasks.models import Task

IMPORTS = "/api/v1/imports/"


def form(cast: Cast, file: Path | bytes, kind: str = "trello", **fields: Any) -> dict[str, Any]:
    data, name = (file, "file.json") if isinstance(file, bytes) else (file.read_bytes(), file.name)
    return {"kind": kind, "project": str(cast.project.pk), "file": SimpleUploadedFile(name, data), **fields}


def test_an_import_is_accepted_and_carried_out_by_the_queue(api: Api, cast: Cast, fixtures: Path) -> None:
    reply = api.as_(cast.admin).upload(IMPORTS, form(cast, fixtures / "trello-board.json"))
    assert reply.status_code == 202
    body = reply.json()
    assert (body["status"], body["progress"], body["report"], body["receipt"]) == (
        "queued",
        {"done": 0, "total": 0},
        None,
        None,
    )
    assert (body["file_name"], body["dry_run"]) == ("trello-board.json", False)
    assert reply["Location"] == f"{IMPORTS}{body['id']}/"
    assert run_due() == 1
    done = api.as_(cast.manager).get(reply["Location"]).json()
    assert (done["status"], done["progress"]) == ("done", {"done": 6, "total": 6})
    assert done["report"]["counts"]["comments"] == 2
    assert done["receipt"]["written"]["tasks"] == 6
    assert done["version"] > body["version"]


def test_a_table_comes_in_by_a_map(api: Api, cast: Cast) -> None:
    data = b"what,why\nA,B\n"
    reply = api.as_(cast.admin).upload(IMPORTS, form(cast, data, "CSV", map="title=what,description=why"))
    assert reply.status_code == 202
    run_due()
    assert Task.objects.values_list("title", "description").get() == ("A", "B")


def test_a_dry_run_only_reports(api: Api, cast: Cast, fixtures: Path) -> None:
    reply = api.as_(cast.admin).upload(IMPORTS, form(cast, fixtures / "trello-board.json", dry_run="true"))
    assert reply.status_code == 202
    run_due()
    done = api.as_(cast.admin).get(reply["Location"]).json()
    assert (done["status"], done["receipt"], done["report"]["counts"]["tasks"]) == ("done", None, 6)
    assert Task.objects.count() == 0


def test_a_broken_file_says_where(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.admin).upload(IMPORTS, form(cast, b'{"cards": ['))
    assert reply.status_code == 202
    run_due()
    done = api.as_(cast.admin).get(reply["Location"]).json()
    assert done["status"] == "failed"
    assert done["error"]["code"] == "truncated"
    assert done["error"]["place"] == "line 1, column 12 (cards)"


def test_the_same_upload_twice_runs_once(api: Api, cast: Cast, fixtures: Path) -> None:
    file = fixtures / "trello-board.json"
    first = api.as_(cast.admin).upload(IMPORTS, form(cast, file)).json()
    assert api.as_(cast.admin).upload(IMPORTS, form(cast, file)).json()["id"] == first["id"]
    assert run_due() == 1
    assert Task.objects.count() == 6


def test_an_id_of_the_client_is_taken_once(api: Api, cast: Cast, fixtures: Path) -> None:
    own = "0199a3f0-0000-7000-8000-000000000001"
    file = fixtures / "trello-board.json"
    assert api.as_(cast.admin).upload(IMPORTS, form(cast, file, id=own)).json()["id"] == own
    again = api.as_(cast.admin).upload(IMPORTS, form(cast, file, id=own))
    assert (again.status_code, again.json()["code"]) == (409, "id_taken")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "trelo"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"project": "x"}, "project"),
        ({"file": "no file"}, "file"),
        ({"map": "titel=x"}, "map"),
        ({"colour": "red"}, "colour"),
        ({"dry_run": "perhaps"}, "dry_run"),
    ],
    ids=str,
)
def test_what_is_wrong_with_the_form_is_named(
    change: dict[str, Any], field: str, api: Api, cast: Cast, fixtures: Path
) -> None:
    reply = api.as_(cast.admin).upload(IMPORTS, {**form(cast, fixtures / "tasks.csv", "csv"), **change})
    assert reply.status_code == 400
    assert [error["field"] for error in reply.json()["errors"]] == [field]
    assert Import.objects.count() == 0


def test_a_map_for_a_board_is_refused(api: Api, cast: Cast, fixtures: Path) -> None:
    reply = api.as_(cast.admin).upload(IMPORTS, form(cast, fixtures / "trello-board.json", map="title=x"))
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["code"] == "not_for_this_kind"


def test_json_is_not_taken_here(api: Api, cast: Cast) -> None:
    assert api.as_(cast.admin).post(IMPORTS, {"kind": "csv"}).status_code == 415


def test_a_body_over_the_bound_is_refused_unread(api: Api, cast: Cast, fixtures: Path) -> None:
    sender = api.as_(cast.admin)
    reply = sender.client.generic(
        "POST",
        IMPORTS,
        b"--x\r\n",
        "multipart/form-data; boundary=x",
        headers={"Authorization": f"Bearer {sender.credential}"},
        CONTENT_LENGTH=str(MAX_BYTES * 2),
    )
    assert (reply.status_code, reply.json()["code"]) == (413, "file_too_large")


@pytest.mark.parametrize(
    ("who", "status"),
    [("outsider", 404), ("guest", 403), ("viewer", 403), ("member", 403), ("manager", 202), ("workspace_admin", 202)],
)
def test_who_may_bulk_may_import(who: str, status: int, api: Api, cast: Cast, fixtures: Path) -> None:
    reply = api.as_(getattr(cast, who)).upload(IMPORTS, form(cast, fixtures / "tasks.csv", "csv"))
    assert reply.status_code == status
    assert Import.objects.count() == (status == 202)


def test_a_token_imports_no_more_than_its_scopes_allow(api: Api, cast: Cast, fixtures: Path) -> None:
    board = form(cast, fixtures / "trello-board.json")
    assert api.as_(cast.token("read")).upload(IMPORTS, board).status_code == 403
    reply = api.as_(cast.token("write")).upload(IMPORTS, form(cast, fixtures / "trello-board.json"))
    assert reply.status_code == 202
    run_due()
    done = api.as_(cast.admin).get(reply["Location"]).json()
    assert (done["status"], done["error"]["code"]) == ("failed", "forbidden")
    assert Task.objects.count() == 0


def test_visitors_import_nothing(api: Api, cast: Cast, fixtures: Path) -> None:
    assert api.upload(IMPORTS, form(cast, fixtures / "tasks.csv", "csv")).status_code == 401


def test_imports_are_listed_for_who_may_import(api: Api, cast: Cast, fixtures: Path) -> None:
    done = bring_in(cast.project, cast.admin, "csv", fixtures / "tasks.csv")
    bring_in(cast.far_project, cast.outsider, "csv", fixtures / "tasks.csv")
    listed = api.as_(cast.manager).get(IMPORTS, {"kind": "csv", "status": "done", "project": str(cast.project.pk)})
    assert [row["id"] for row in listed.json()["results"]] == [str(done.pk)]
    assert api.as_(cast.member).get(IMPORTS).json()["results"] == []
    assert api.as_(cast.member).get(f"{IMPORTS}{done.pk}/").status_code == 404
    assert api.as_(cast.outsider).get(f"{IMPORTS}{done.pk}/").status_code == 404


@pytest.mark.parametrize("what", ["imports/", "projects/{project}/placeholders/"])
def test_a_list_costs_the_same_for_few_and_for_many(what: str, api: Api, cast: Cast) -> None:
    sender, counts = api.as_(cast.manager), []
    for names in (("Ada", "Bo"), [f"Person {number}" for number in range(20)]):
        for name in names:
            bring_in(cast.project, cast.admin, "csv", f"title,assignee\nA,{name}\n".encode())
        with CaptureQueriesContext(connection) as asked:
            reply = sender.get(f"/api/v1/{what.format(project=cast.project.pk)}")
        counts.append((len(asked), len(reply.json()["results"])))
    (few, two), (many, twenty_two) = counts
    assert (two, twenty_two) == (2, 22)
    assert few == many

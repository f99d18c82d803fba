"""Two servers over one database: what one of them changed is never answered as it was by the other, however warm it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from tests.config.serving.test_serve import Running, start

__all__ = ["start"]
pytestmark = [pytest.mark.slow]
PASSWORD = "correct horse battery"


class Asker:
    """Somebody at one server."""

    def __init__(self, server: Running, email: str) -> None:
        self.server = server
        self.token = ""
        signed_in = self.ask("POST", "auth/login/", {"email": email, "password": PASSWORD})
        self.token, self.id = signed_in["access"], signed_in["user"]["id"]

    def ask(self, method: str, path: str, body: Any = None, *, expect: int = 0) -> Any:
        headers = {"Content_Type": "application/json"} | (
            {"Authorization": f"Bearer {self.token}"} if self.token else {}
        )
        status, _, raw = self.server.ask(
            method, f"/api/v1/{path}", json.dumps(body).encode() if body is not None else b"", **headers
        )
        assert status == expect if expect else status < 300, (method, path, status, raw)
        return json.loads(raw) if raw else None


@pytest.mark.sqlite
def test_rights_and_names_are_those_of_this_moment_with_one_file(start: Callable[..., Running], tmp_path: Path) -> None:
    _walk(start, tmp_path)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rights_and_names_are_those_of_this_moment_with_a_server(start: Callable[..., Running], tmp_path: Path) -> None:
    known = connection.settings_dict
    login = quote(known["USER"]) + (f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else "")
    _walk(start, tmp_path, DATABASE_URL=f"postgres://{login}@{known['HOST']}:{known['PORT']}/{known['NAME']}")


def _walk(start: Callable[..., Running], folder: Path, **places: str) -> None:
    first = start(folder, JOBS="off", ADMIN_EMAIL="boss@example.org", ADMIN_PASSWORD=PASSWORD, **places)
    second = start(folder, JOBS="off", **places)
    boss = Asker(first, "boss@example.org")
    boss.ask("POST", "auth/register/", {"email": "ada@example.org", "username": "ada", "password": PASSWORD})
    ada = Asker(second, "ada@example.org")
    project = boss.ask("POST", "projects/", {"name": "Shared", "members": [ada.id]})["id"]
    task = boss.ask("POST", "tasks/", {"title": "Seen by two", "project": project})["id"]
    called = "To do"
    for turn in range(3):
        for _ in range(3):  # warm whatever might be kept
            assert ada.ask("GET", f"tasks/{task}/")["id"] == task
            assert ids(ada.ask("GET", f"tasks/?project={project}")) == [task]
            assert called in labels(ada.ask("GET", f"projects/{project}/workflow/"))
            ada.ask("PATCH", f"tasks/{task}/status/", {"status": called})
            ada.ask("PATCH", f"tasks/{task}/status/", {"status": "backlog"})

        old, called = called, f"Next {turn}"
        statuses = boss.ask("GET", f"projects/{project}/workflow/")["statuses"]
        wanted = [{"slug": one["slug"], "label": called if one["slug"] == "todo" else one["label"]} for one in statuses]
        boss.ask("PATCH", f"projects/{project}/workflow/", {"statuses": wanted})
        assert called in labels(ada.ask("GET", f"projects/{project}/workflow/"))
        ada.ask("PATCH", f"tasks/{task}/status/", {"status": old}, expect=400)
        ada.ask("PATCH", f"tasks/{task}/status/", {"status": called})

        boss.ask("DELETE", f"projects/{project}/members/{ada.id}/")
        ada.ask("GET", f"tasks/{task}/", expect=404)
        assert ids(ada.ask("GET", f"tasks/?project={project}")) == []
        ada.ask("PATCH", f"tasks/{task}/", {"title": "Never"}, expect=404)
        ada.ask("GET", f"projects/{project}/workflow/", expect=404)
        boss.ask("POST", f"projects/{project}/members/", {"user": ada.id, "role": "member"})
    assert ada.ask("GET", f"tasks/{task}/")["title"] == "Seen by two"

    elsewhere = Asker(first, "ada@example.org")
    elsewhere.ask("POST", "auth/logout-all/")
    ada.ask("GET", f"tasks/{task}/", expect=401)
    ada.ask("PATCH", f"tasks/{task}/status/", {"status": "done"}, expect=401)
    assert boss.ask("GET", f"tasks/{task}/")["status"] == "todo"


def ids(page: Any) -> list[str]:
    return [row["id"] for row in page["results"]]


def labels(workflow: Any) -> list[str]:
    return [status["label"] for status in workflow["statuses"]]

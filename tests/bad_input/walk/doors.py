"""Every operation with a body or a query, called in this process as somebody who may: all of the endpoint, none of the network."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from django.contrib.sessions.middleware import SessionMiddleware
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from rest_framework.test import force_authenticate

from tests.rights.routes import operations, routes
from tests.rights.server import changes, snapshot, undone, written
from tests.rights.table import Row, rows
from tests.rights.world import World
from workloom.core import limits
from workloom.core.http.rendering import encode
from workloom.core.limit_stores import ProcessStore
from workloom.people.accounts.models import User

PROBLEM = "application/problem+json"
PEOPLE = ("member", "manager", "owner", "admin", "operator", "outsider", "workspace_member")
FACTORY = RequestFactory()
LOOKED_AT = 3
"""How many refusals of one kind that wrote statements are sent again, to see that these were undone."""


@dataclass(frozen=True)
class Door:
    """One operation, called as somebody of whom the matrix of rights says that they may."""

    row: Row

    def __str__(self) -> str:
        return f"{self.row.method} {self.row.route}"

    @property
    def person(self) -> str:
        """Somebody who may."""
        return next(name for name in PEOPLE if self.row.expected[name] < 300)

    def base(self, world: World) -> dict[str, Any]:
        """A body that is taken."""
        return dict(world.filled(self.row.body, self.person) or {})

    def sender(self, world: World) -> "Sender":
        """Get ready to send; what does not differ between requests is looked up once."""
        user = getattr(world.cast, self.person)
        parameters = {name: world.named(stands_for, self.person) for name, stands_for in self.row.names().items()}
        return Sender(self, user, parameters)


@dataclass(frozen=True)
class Sender:
    """Sends requests of one operation, each of which is undone."""

    door: Door
    user: User
    parameters: Mapping[str, Any]
    kinds: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def send(self, body: Any = None, query: Mapping[str, Any] | None = None) -> Any:
        """Send one request and say what came back; refusals must have written nothing, answers be no fault."""
        with watched() as statements:
            answer = self._sent(body, query)
        assert answer.status_code < 500, (str(self.door), body, query, answer.content.decode()[:500])
        if answer.status_code >= 400:
            assert answer["Content-Type"] == PROBLEM
            if statements and routes()[self.door.row.route].view.in_transaction:
                self._writes_nothing(body, query)
        return answer

    def _is_new(self, answer: Any) -> bool:
        """Tell whether this kind of refusal was not looked at yet; the same code and fields come from the same lines."""
        problem = json.loads(answer.content)
        kind = (problem["code"], *(error["field"] for error in problem["errors"]))
        self.kinds[kind] += 1
        return self.kinds[kind] <= LOOKED_AT

    def _writes_nothing(self, body: Any, query: Mapping[str, Any] | None) -> None:
        before = snapshot()
        with limits.using(ProcessStore()):
            self._sent(body, query)
        assert changes(before, snapshot()) == [], (str(self.door), body)

    def _sent(self, body: Any, query: Mapping[str, Any] | None) -> Any:
        row = self.door.row
        route = routes()[row.route]
        path = f"/api/v1/{route.path.format(**self.parameters)}"
        if row.operation.multipart:
            parts = {name: _part(value) for name, value in (body or {}).items()}
            request = FACTORY.post(path, parts, query_params=query)
        else:
            data = b"" if body is None else encode(body)
            request = FACTORY.generic(row.method, path, data, "application/json", query_params=query)
        SessionMiddleware(_unused).process_request(request)
        force_authenticate(request, self.user, cast("Any", self.user.as_actor()))
        return route.view.as_view()(request, **resolve(path).kwargs)


def _unused(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def _part(value: Any) -> Any:
    return SimpleUploadedFile("board.csv", value) if isinstance(value, bytes) else value


@contextmanager
def watched() -> Iterator[list[str]]:
    """Undo what is done inside, with limits that count from zero, and collect the statements that write."""
    with limits.using(ProcessStore()), undone(), written() as statements:
        yield statements


@cache
def doors() -> list[Door]:
    """One door for each method of each view, by the first row that lets somebody in: other addresses of a view are the same code."""
    found = {
        (routes()[row.route].view, row.method): Door(row)
        for row in reversed(rows())
        if any(row.expected[name] < 300 for name in PEOPLE)
    }
    return sorted(found.values(), key=str)


def left_out() -> list[str]:
    """Operations without a row in the matrix of rights that lets somebody in."""
    walked = {(routes()[door.row.route].view, door.row.method) for door in doors()}
    return [f"{method} {route.path}" for route, method in operations() if (route.view, method) not in walked]

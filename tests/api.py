"""A client that speaks JSON to the server as somebody, and commits like a real request."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.test import Client

from tests.factories import access_token
from workloom.core.http.rendering import encode
from workloom.people.accounts.models import User

Commit = Callable[..., AbstractContextManager[Any]]


class Api:
    """`api.as_(user).patch("/api/v1/tasks/ENG-1/", {"title": "…"}, headers={"If-Match": '"1"'})`."""

    def __init__(self, commit: Commit, credential: str = "", client: Client | None = None) -> None:
        self.commit = commit
        self.credential = credential
        self.client = client or Client(raise_request_exception=False, enforce_csrf_checks=True)

    def as_(self, who: User | str | None) -> "Api":
        """The same server seen by a person (in a new session), by the holder of a token, or by a visitor (None)."""
        return Api(self.commit, access_token(who) if isinstance(who, User) else who or "")

    def get(self, path: str, query: dict[str, Any] | None = None, **options: Any) -> Any:
        return self.send("GET", path, query=query, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.send("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.send("PUT", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.send("PATCH", path, body, **options)

    def delete(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.send("DELETE", path, body, **options)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Any:
        """Send one request; `body` is made JSON unless it is bytes. A None body is no body."""
        data = b"" if body is None else body if isinstance(body, bytes) else encode(body)
        with self.commit(execute=True):
            return self.client.generic(
                method, path, data, content_type, query_params=query, headers=self._headers(headers)
            )

    def upload(self, path: str, form: dict[str, Any], *, headers: dict[str, str] | None = None) -> Any:
        """POST a multipart form; files are open files or SimpleUploadedFile."""
        with self.commit(execute=True):
            return self.client.post(path, form, headers=self._headers(headers))

    def _headers(self, headers: dict[str, str] | None) -> dict[str, str]:
        return ({"Authorization": f"Bearer {self.credential}"} if self.credential else {}) | (headers or {})

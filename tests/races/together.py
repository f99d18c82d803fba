"""Real connections, real commits: what several people do at the same instant."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection
from django.test import Client

from tests.factories import access_token
from workloom.core.http.rendering import encode
from workloom.people.accounts.models import User


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all at the same instant, each on its own connection, and return what each returned."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def sender(user: User) -> Callable[..., Any]:
    """Return a function that sends requests as somebody, from any thread."""
    credential = access_token(user)

    def send(method: str, path: str, body: Any = None, **headers: str) -> Any:
        client = Client(raise_request_exception=False)
        sent = {"Authorization": f"Bearer {credential}", **headers}
        data = b"" if body is None else encode(body)
        return client.generic(method, path, data, "application/json", headers=sent)

    return send

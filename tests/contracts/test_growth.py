"""Lists whose room has no growth test of its own: three rows and three hundred cost the same number of queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_session, make_user, personal_token
from tests.outlets.exchange.importing import bring_in
from tests.work.tasks.making import make_task
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.people.accounts.models import User
from workloom.work.tasks.models import Watcher
from workloom.work.workspaces.models import Invitation

Grow = Callable[[Cast, int], None]


def tokens(cast: Cast, count: int) -> None:
    for _ in range(count):
        personal_token(cast.admin)


def sessions(cast: Cast, count: int) -> None:
    for _ in range(count):
        make_session(cast.admin)


def people(count: int, **fields: Any) -> list[User]:
    return [make_user(**fields) for _ in range(count)]


def watchers(cast: Cast, count: int) -> None:
    task = cast.project.tasks.first() or make_task(cast.project, cast.admin)
    Watcher.objects.bulk_create(Watcher(task=task, user=user, created_at=now()) for user in people(count))


def placeholders(cast: Cast, count: int) -> None:
    """The people named by an import's rows."""
    lines = "\n".join(f"Row {key},{key}" for key in (uuid7() for _ in range(count)))
    bring_in(cast.project, cast.admin, "csv", f"title,assignee\n{lines}\n".encode())


def invitations(cast: Cast, count: int, project: bool = False) -> None:  # noqa: FBT001, FBT002 - two lists of one table
    target = cast.project.pk if project else cast.workspace.pk
    Invitation.objects.bulk_create(
        Invitation(
            workspace=cast.workspace,
            project_id=cast.project.pk if project else None,
            target=target,
            email=f"{key}@example.org",
            email_key=f"{key}@example.org",
            role="member",
            invited_by=cast.admin,
            secret_hash=str(key),
            created_at=now(),
            expires_at=now() + timedelta(days=30),
        )
        for key in (uuid7() for _ in range(count))
    )


def invited_to_project(cast: Cast, count: int) -> None:
    invitations(cast, count, project=True)


LISTS: list[tuple[str, str, Grow]] = [
    ("auth/tokens/", "admin", tokens),
    ("auth/sessions/", "admin", sessions),
    ("tasks/NEAR-1/watchers/", "admin", watchers),
    ("projects/{project}/placeholders/", "admin", placeholders),
    ("projects/{project}/invitations/", "admin", invited_to_project),
    ("workspaces/{workspace}/invitations/", "owner", invitations),
]


@pytest.mark.parametrize(("path", "who", "grow"), LISTS, ids=[path for path, _, _ in LISTS])
def test_a_longer_list_costs_no_more_queries(api: Api, cast: Cast, path: str, who: str, grow: Grow) -> None:
    grow(cast, 3)
    url = f"/api/v1/{path.format(project=cast.project.pk, workspace=cast.workspace.pk)}?page_size=200"
    caller = api.as_(cast.people[who])
    few, length = cost(caller, url)
    grow(cast, 150)
    many, longer = cost(caller, url)
    assert longer >= length + 150
    assert many == few


def cost(caller: Api, url: str) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as captured:
        answer = caller.get(url)
    assert answer.status_code == 200, answer.content
    return len(captured), len(answer.json()["results"])

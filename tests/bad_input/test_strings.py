"""Each hostile string in each text: kept to the letter or refused as a 4xx problem, never half-written."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.api import Api
from tests.bad_input.hostile import strings
from tests.cast import Cast
from tests.work.tasks.making import make_task
from workloom.core.actor import Actor, ActorKind
from workloom.core.errors import Refused
from workloom.core.filters import condition_of
from workloom.work.comments.models import Comment
from workloom.work.tasks.models import Task
from workloom.work.tasks.queries.listing import LISTING
from workloom.work.tasks.queries.visible import visible_tasks

API = "/api/v1"


def test_as_titles_and_descriptions_of_tasks(api: Api, cast: Cast) -> None:
    texts = strings()
    operations = [
        {"op": "create", "project": str(cast.project.pk), "title": text, "description": text} for text in texts
    ]
    answer = api.as_(cast.manager).post(f"{API}/tasks/bulk/", {"operations": operations})
    assert answer.status_code == 200, answer.content[:500]
    for text, result in zip(texts, answer.json()["results"], strict=True):
        assert result["status"] in (201, 400), (text, result)
        if result["status"] == 201:
            assert result["task"]["title"] == text.strip(), text
            assert result["task"]["description"] == text.strip(), text
    made = {task.title: task.description for task in Task.objects.all()}
    assert all(title == description for title, description in made.items())
    assert len(Task.objects.all()) == sum(result["status"] == 201 for result in answer.json()["results"])


FIELDS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("patch", "projects/{project}/", "name", {}),
    ("patch", "projects/{project}/", "description", {}),
    ("patch", "workspaces/{workspace}/", "name", {}),
    ("patch", "boards/{board}/", "name", {}),
    ("patch", "auth/profile/", "name", {}),
    ("patch", "auth/profile/", "bio", {}),
    ("post", "tasks/{task}/comments/", "body", {}),
    ("post", "tasks/{task}/checklists/", "name", {}),
    ("post", "labels/", "name", {"project": "{project}"}),
    ("post", "categories/", "name", {"project": "{project}"}),
]


@pytest.mark.parametrize(
    ("method", "path", "field", "more"), FIELDS, ids=[f"{path} {field}" for _, path, field, _ in FIELDS]
)
def test_in_other_texts(api: Api, cast: Cast, method: str, path: str, field: str, more: dict[str, str]) -> None:
    task = make_task(cast.project, cast.admin)
    names = {
        "project": cast.project.pk,
        "workspace": cast.workspace.pk,
        "board": cast.project.boards.get().pk,
        "task": task.pk,
    }
    caller = api.as_(cast.owner if "workspaces" in path else cast.admin)
    url = f"{API}/{path.format(**names)}"
    for text in strings():
        body = {**{name: value.format(**names) for name, value in more.items()}, field: text}
        answer = caller.send(method.upper(), url, body)
        assert answer.status_code in (200, 201, 400, 409), (text, answer.content[:300])
        if answer.status_code < 300:
            assert answer.json()[field] == text.strip(), text
        else:
            assert answer["Content-Type"] == "application/problem+json"
    if field == "body":
        assert Comment.objects.filter(task=task).count() == Task.objects.get(pk=task.pk).comments_count


def test_in_every_filter_of_tasks(cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    actor = Actor(id=cast.admin.pk, kind=ActorKind.USER, name="Admin")
    wrong = []
    for name, given in LISTING.filters.items():
        for text in strings():
            try:
                list(visible_tasks(actor).filter(condition_of(name, given, [text], actor))[:1])
            except Refused as refusal:
                wrong += [refusal.errors] if refusal.errors[0].field != name else []
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    ["search/?q=", "tasks/?search=", "projects/?search=", "users/?search=", "labels/?search=", "audit-logs/?action="],
)
def test_in_what_is_searched_for(api: Api, cast: Cast, path: str) -> None:
    make_task(cast.project, cast.admin)
    admin = api.as_(cast.admin)
    for text in strings():
        answer = admin.get(f"{API}/{path}{quote(text)}")
        assert answer.status_code in (200, 400), (text, answer.content[:300])


@pytest.mark.parametrize("place", ["tasks/{}/", "projects/{}/", "comments/{}/", "tasks/{}/move/", "users/{}/"])
def test_as_ids_in_paths(api: Api, cast: Cast, place: str) -> None:
    admin = api.as_(cast.admin)
    for text in strings():
        answer = admin.get(f"{API}/{place.format(quote(text, safe=''))}")
        assert answer.status_code in (200, 400, 404, 405), (text, answer.content[:300])

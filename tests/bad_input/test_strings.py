"""Each hostile string in each text: kept to the letter or refused as a 4xx problem, never half-written."""

from urllib.parse import quote

import pytest

from tests.api import Api
from tests.bad_input.hostile import strings
from tests.cast import Cast
from workloom.work.tasks.models import Task

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


@pytest.mark.parametrize("place", ["tasks/{}/", "projects/{}/", "comments/{}/", "tasks/{}/move/", "users/{}/"])
def test_as_ids_in_paths(api: Api, cast: Cast, place: str) -> None:
    admin = api.as_(cast.admin)
    for text in strings():
        answer = admin.get(f"{API}/{place.format(quote(text, safe=''))}")
        assert answer.status_code in (200, 400, 404, 405), (text, answer.content[:300])

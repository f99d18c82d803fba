"""A token that may do less than its person learns nothing by the person's own requests."""

from tests.api import Api
from tests.cast import Cast
from workloom.work.workspaces.models import Invitation


def test_a_narrow_token_gets_no_answer_that_was_kept_for_its_person(api: Api, cast: Cast) -> None:
    path, body = f"/api/v1/projects/{cast.project.pk}/members/", {"email": "new@example.org"}
    headers = {"Idempotency-Key": "once"}
    first = api.as_(cast.admin).post(path, body, headers=headers)
    assert (first.status_code, "token" in first.json()) == (201, True)
    for token in (cast.token("read"), cast.token("write"), cast.token("admin", projects=[cast.far_project])):
        assert api.as_(token).post(path, body, headers=headers).status_code in {403, 404}
    again = api.as_(cast.admin).post(path, body, headers=headers)
    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    assert Invitation.objects.count() == 1


def test_a_token_gets_its_own_answer_again(api: Api, cast: Cast) -> None:
    token, headers = cast.token("write"), {"Idempotency-Key": "mine"}
    body = {"title": "T", "project": str(cast.project.pk)}
    answers = [api.as_(token).post("/api/v1/tasks/", body, headers=headers) for _ in range(2)]
    assert answers[0].json()["id"] == answers[1].json()["id"]

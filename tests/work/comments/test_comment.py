import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_user
from tests.log import recorded
from tests.work.tasks.making import make_task
from workloom.core.ids import uuid7
from workloom.events.queries import log_rows
from workloom.work.comments.models import Comment, Mention
from workloom.work.projects.models import ProjectMember
from workloom.work.tasks.models import Task, Watcher


def test_a_member_comments(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    reply = api.as_(cast.member).post(f"/api/v1/tasks/{task.pk}/comments/", {"body": "  **Well** done \n"})
    assert reply.status_code == 201, reply.content
    shown = reply.json()
    assert reply["Location"] == f"/api/v1/comments/{shown['id']}/"
    assert reply["ETag"] == '"1"'
    assert (shown["task"], shown["author"], shown["body"]) == (str(task.pk), str(cast.member.pk), "**Well** done")
    assert (shown["is_edited"], shown["edited_at"], shown["is_deleted"], shown["mentions"]) == (False, None, False, [])
    assert api.as_(cast.viewer).get(reply["Location"]).json() == shown
    fresh = Task.objects.get(pk=task.pk)
    assert (fresh.comments_count, fresh.version) == (1, task.version + 1)
    assert recorded("comment.created") == [("comment.created", {"body": [None, "**Well** done"]})]
    row = log_rows().get(type="comment.created")
    assert (row.subject_id, row.object_key, row.project_id) == (task.pk, "NEAR-1", cast.project.pk)
    assert row.changes == {}, "texts belong to the part that can be erased"


def test_the_key_of_the_task_will_do(api: Api, cast: Cast) -> None:
    make_task(cast.project, cast.admin)
    assert api.as_(cast.member).post("/api/tasks/near-1/comments", {"body": "x"}).status_code == 201
    assert len(api.as_(cast.member).get("/api/v1/tasks/NEAR-1/comments/").json()["results"]) == 1


def test_who_comments_or_is_mentioned_watches(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    stranger = make_user("stranger")
    body = "@Manager and @viewer, not @stranger, nor `@guest` in code, nor mail@outsider"
    reply = api.as_(cast.member).post(f"/api/v1/tasks/{task.pk}/comments/", {"body": body})
    assert set(reply.json()["mentions"]) == {str(cast.manager.pk), str(cast.viewer.pk)}
    watching = set(Watcher.objects.filter(task=task).values_list("user_id", flat=True))
    assert watching == {cast.admin.pk, cast.member.pk, cast.manager.pk, cast.viewer.pk}
    assert stranger.pk not in watching
    shown = api.as_(cast.member).get(reply["Location"], {"expand": "author,mentions"}).json()
    assert shown["author"]["username"] == "member"
    assert {one["username"] for one in shown["mentions"]} == {"manager", "viewer"}


def test_who_muted_a_task_stays_left_alone(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.member)
    api.as_(cast.member).delete(f"/api/v1/tasks/{task.pk}/watchers/")
    api.as_(cast.admin).post(f"/api/v1/tasks/{task.pk}/comments/", {"body": "@member look"})
    assert Watcher.objects.get(task=task, user=cast.member).is_muted is True


def test_a_guest_comments_on_what_they_see(api: Api, cast: Cast) -> None:
    own = make_task(cast.project, cast.admin, assignees=(cast.guest.pk,))
    assert api.as_(cast.guest).post(f"/api/v1/tasks/{own.pk}/comments/", {"body": "x"}).status_code == 201


@pytest.mark.parametrize(("name", "status"), [("viewer", 403), ("guest", 404), ("outsider", 404), (None, 401)])
def test_who_may_not_comment(api: Api, cast: Cast, name: str | None, status: int) -> None:
    task = make_task(cast.project, cast.admin)
    before = recorded()
    who = cast.people[name] if name else None
    assert api.as_(who).post(f"/api/v1/tasks/{task.pk}/comments/", {"body": "x"}).status_code == status
    assert not Comment.objects.exists()
    assert Task.objects.get(pk=task.pk).version == task.version
    assert recorded() == before


@pytest.mark.parametrize(("scope", "status"), [("read", 403), ("write", 201)])
def test_a_token_comments_by_its_scope(api: Api, cast: Cast, scope: str, status: int) -> None:
    task = make_task(cast.project, cast.admin)
    token = cast.token(scope, of="member")
    assert api.as_(token).post(f"/api/v1/tasks/{task.pk}/comments/", {"body": "x"}).status_code == status


def test_an_answer_names_a_comment_of_the_same_task(api: Api, cast: Cast) -> None:
    task, other = make_task(cast.project, cast.admin), make_task(cast.project, cast.admin)
    member = api.as_(cast.member)
    first = member.post(f"/api/v1/tasks/{task.pk}/comments/", {"body": "x"}).json()
    answer = member.post(f"/api/v1/tasks/{task.pk}/comments/", {"body": "y", "parent": first["id"]})
    assert answer.json()["parent"] == first["id"]
    shown = member.get(f"/api/v1/comments/{first['id']}/").json()
    assert (shown["answers_count"], shown["version"]) == (1, 2)
    wrong = member.post(f"/api/v1/tasks/{other.pk}/comments/", {"body": "y", "parent": first["id"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "parent")
    assert Comment.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "body", "required"),
        ({"body": " \n\t"}, "body", "blank"),
        ({"body": "x" * 100_001}, "body", "max_length"),
        ({"body": 7}, "body", "invalid"),
        ({"body": None}, "body", "null"),
        ({"body": "x", "author": str(uuid7())}, "author", "read_only"),
        ({"body": "x", "bodies": "y"}, "bodies", "unknown_field"),
        ({"body": "x", "id": "1"}, "id", "invalid"),
        ({"body": "x", "parent": "1"}, "parent", "invalid"),
    ],
)
def test_what_cannot_be_taken_is_named(api: Api, cast: Cast, body: object, field: str, code: str) -> None:
    task = make_task(cast.project, cast.admin)
    reply = api.as_(cast.member).post(f"/api/v1/tasks/{task.pk}/comments/", body)
    assert reply.status_code == 400
    assert [(one["field"], one["code"]) for one in reply.json()["errors"]] == [(field, code)]
    assert not Comment.objects.exists()


def test_a_client_makes_the_id_once(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    body = {"id": str(uuid7()), "body": "x"}
    member = api.as_(cast.member)
    assert member.post(f"/api/v1/tasks/{task.pk}/comments/", body).json()["id"] == body["id"]
    again = member.post(f"/api/v1/tasks/{task.pk}/comments/", body)
    assert (again.status_code, again.json()["code"]) == (409, "id_taken")
    assert Task.objects.get(pk=task.pk).comments_count == 1


def test_a_hundred_thousand_characters_of_any_script_are_kept(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    body = "語🜁é́" * 25_000
    reply = api.as_(cast.member).post(f"/api/v1/tasks/{task.pk}/comments/", {"body": body})
    assert reply.status_code == 201
    assert reply.json()["body"] == body


def test_mentions_of_whoever_left_are_not_made_again(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    ProjectMember.objects.filter(user=cast.viewer).delete()
    api.as_(cast.member).post(f"/api/v1/tasks/{task.pk}/comments/", {"body": "@viewer"})
    assert not Mention.objects.exists()


def test_a_rehearsal_writes_nothing(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    reply = api.as_(cast.member).post(f"/api/v1/tasks/{task.pk}/comments/?dry_run=true", {"body": "x"})
    assert reply.status_code == 201
    assert not Comment.objects.exists()
    assert recorded("comment.created") == []

from datetime import timedelta

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.comments.making import make_comment
from tests.work.tasks.making import make_task
from workloom.core import clock
from workloom.work.comments.actions import purge_old_comments
from workloom.work.comments.models import Comment, Mention
from workloom.work.projects.models import ProjectMember
from workloom.work.tasks.models import Task, Watcher


def test_the_author_edits_and_it_is_marked(api: Api, cast: Cast) -> None:
    comment = make_comment(make_task(cast.project, cast.admin), cast.member, "Helo @viewer")
    reply = api.as_(cast.member).patch(f"/api/v1/comments/{comment.pk}/", {"body": "Hello @manager"})
    assert reply.status_code == 200, reply.content
    shown = reply.json()
    assert (shown["body"], shown["is_edited"], shown["version"]) == ("Hello @manager", True, 2)
    assert shown["edited_at"] == shown["updated_at"] > shown["created_at"]
    assert shown["mentions"] == [str(cast.manager.pk)]
    assert list(Mention.objects.values_list("user_id", flat=True)) == [cast.manager.pk]
    assert Watcher.objects.filter(user=cast.manager).exists()
    ((_, changes),) = recorded("comment.updated")
    assert changes["body"] == ["Helo @viewer", "Hello @manager"]
    assert changes["mentions"] == [[str(cast.viewer.pk)], [str(cast.manager.pk)]]


def test_the_same_text_again_is_no_change(api: Api, cast: Cast) -> None:
    comment = make_comment(make_task(cast.project, cast.admin), cast.member, "x")
    shown = api.as_(cast.member).put(f"/api/v1/comments/{comment.pk}/", {"body": " x "}).json()
    assert (shown["version"], shown["is_edited"]) == (1, False)
    assert recorded("comment.updated") == []


def test_a_whole_row_sent_back_changes_what_differs(api: Api, cast: Cast) -> None:
    comment = make_comment(make_task(cast.project, cast.admin), cast.member, "x")
    member = api.as_(cast.member)
    row = member.get(f"/api/v1/comments/{comment.pk}/").json()
    assert member.put(f"/api/v1/comments/{comment.pk}/", {**row, "body": "y"}).json()["body"] == "y"
    refused = member.put(f"/api/v1/comments/{comment.pk}/", {**row, "is_edited": True})
    assert refused.json()["errors"][0]["code"] == "read_only"


@pytest.mark.parametrize(
    ("name", "status"), [("manager", 403), ("admin", 403), ("viewer", 403), ("guest", 404), ("outsider", 404)]
)
@pytest.mark.parametrize("method", ["patch", "put"])
def test_nobody_else_edits(api: Api, cast: Cast, name: str, status: int, method: str) -> None:
    comment = make_comment(make_task(cast.project, cast.admin), cast.member, "x")
    before = recorded()
    send = getattr(api.as_(cast.people[name]), method)
    assert send(f"/api/v1/comments/{comment.pk}/", {"body": "y"}).status_code == status
    assert Comment.objects.get(pk=comment.pk).body == "x"
    assert recorded() == before


def test_an_author_who_only_reads_by_now_edits_no_more(api: Api, cast: Cast) -> None:
    comment = make_comment(make_task(cast.project, cast.admin), cast.member, "x")
    ProjectMember.objects.filter(user=cast.member).update(role="viewer")
    member = api.as_(cast.member)
    assert member.patch(f"/api/v1/comments/{comment.pk}/", {"body": "y"}).status_code == 403
    assert member.delete(f"/api/v1/comments/{comment.pk}/").status_code == 403


def test_an_old_version_is_refused_with_the_present_comment(api: Api, cast: Cast) -> None:
    comment = make_comment(make_task(cast.project, cast.admin), cast.member, "x")
    member, address = api.as_(cast.member), f"/api/v1/comments/{comment.pk}/"
    member.patch(address, {"body": "y"})
    for method, body in (("PATCH", {"body": "z"}), ("DELETE", None)):
        stale = member.send(method, address, body, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["current"]["body"]) == (412, "y")
    make_comment(comment.task, cast.admin, parent=comment)
    assert member.patch(address, {"body": "z"}, headers={"If-Match": '"2"'}).status_code == 200, (
        "an answer hurts no edit"
    )


def test_deleted_it_disappears_and_comes_back(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    comment = make_comment(task, cast.member, "x @viewer")
    member, address = api.as_(cast.member), f"/api/v1/comments/{comment.pk}/"
    assert member.delete(address).status_code == 204
    assert member.get(address).status_code == 404
    assert member.get(f"/api/v1/tasks/{task.pk}/comments/").json()["results"] == []
    assert Task.objects.get(pk=task.pk).comments_count == 0
    assert member.delete(address).status_code == 404
    back = member.post(f"{address}restore/")
    assert back.status_code == 200, back.content
    assert (back.json()["body"], back.json()["mentions"]) == ("x @viewer", [str(cast.viewer.pk)])
    assert Task.objects.get(pk=task.pk).comments_count == 1
    assert member.post(f"{address}restore/").status_code == 409
    types = ["comment.created", "comment.deleted", "comment.restored"]
    assert [name for name, _ in recorded(*types)] == types


def test_with_answers_it_keeps_its_place_without_its_text(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    first = make_comment(task, cast.member, "first @viewer")
    answer = make_comment(task, cast.admin, "answer", parent=first)
    deeper = make_comment(task, cast.manager, "deeper", parent=answer)
    manager, address = api.as_(cast.manager), f"/api/v1/comments/{first.pk}/"
    for comment in (first, answer):
        assert manager.delete(f"/api/v1/comments/{comment.pk}/").status_code == 204
    shown = manager.get(address).json()
    assert (shown["body"], shown["is_deleted"], shown["mentions"]) == ("", True, [])
    assert len(manager.get(f"/api/v1/tasks/{task.pk}/comments/").json()["results"]) == 3
    assert manager.delete(address).status_code == 409
    assert api.as_(cast.member).patch(address, {"body": "y"}).status_code == 409
    refused = manager.post(f"/api/v1/tasks/{task.pk}/comments/", {"body": "late", "parent": str(first.pk)})
    assert refused.status_code == 400
    assert manager.delete(f"/api/v1/comments/{deeper.pk}/").status_code == 204
    assert manager.get(address).status_code == 404, "the last answer took both places with it"
    assert manager.get(f"/api/v1/tasks/{task.pk}/comments/").json()["results"] == []
    assert manager.post(f"/api/v1/comments/{deeper.pk}/restore/").status_code == 200
    assert len(manager.get(f"/api/v1/tasks/{task.pk}/comments/").json()["results"]) == 3
    assert Task.objects.get(pk=task.pk).comments_count == 1


@pytest.mark.parametrize(
    ("name", "status"), [("member", 204), ("manager", 204), ("viewer", 403), ("guest", 404), ("outsider", 404)]
)
def test_authors_and_managers_delete(api: Api, cast: Cast, name: str, status: int) -> None:
    comment = make_comment(make_task(cast.project, cast.admin), cast.member)
    assert api.as_(cast.people[name]).delete(f"/api/v1/comments/{comment.pk}/").status_code == status
    assert (Comment.objects.get(pk=comment.pk).deleted_at is not None) is (status == 204)
    assert bool(recorded("comment.deleted")) is (status == 204)


def test_other_members_delete_nothing(api: Api, cast: Cast) -> None:
    comment = make_comment(make_task(cast.project, cast.admin), cast.admin)
    assert api.as_(cast.member).delete(f"/api/v1/comments/{comment.pk}/").status_code == 403
    assert Comment.objects.get(pk=comment.pk).deleted_at is None


def test_what_a_manager_deleted_its_author_cannot_bring_back(api: Api, cast: Cast) -> None:
    comment = make_comment(make_task(cast.project, cast.admin), cast.member)
    api.as_(cast.manager).delete(f"/api/v1/comments/{comment.pk}/")
    for name, status in (("member", 404), ("viewer", 404), ("outsider", 404), ("admin", 200)):
        reply = api.as_(cast.people[name]).post(f"/api/v1/comments/{comment.pk}/restore/")
        assert (name, reply.status_code) == (name, status)


def test_after_thirty_days_the_text_is_gone_from_everywhere(api: Api, cast: Cast) -> None:
    task = make_task(cast.project, cast.admin)
    place = make_comment(task, cast.member, "kept for its answer")
    make_comment(task, cast.admin, "answer", parent=place)
    gone = make_comment(task, cast.member, "gone for good")
    member = api.as_(cast.member)
    for comment in (place, gone):
        member.delete(f"/api/v1/comments/{comment.pk}/")
    assert purge_old_comments() == 0
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert purge_old_comments() == 2
        assert purge_old_comments() == 0
    assert list(Comment.objects.filter(author=cast.member).values_list("pk", "body")) == [(place.pk, "")]
    assert "gone for good" not in str(recorded())
    assert "kept for its answer" not in str(recorded())

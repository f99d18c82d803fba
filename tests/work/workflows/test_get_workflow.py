from tests.api import Api
from tests.cast import Cast


def _path(cast: Cast) -> str:
    return f"/api/v1/projects/{cast.project.pk}/workflow/"


def test_a_new_project_has_the_default_workflow(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.guest).get(_path(cast))
    assert reply.status_code == 200
    shown = reply.json()
    assert [(one["slug"], one["label"], one["category"], one["position"]) for one in shown["statuses"]] == [
        ("backlog", "Backlog", "backlog", 0),
        ("todo", "To do", "todo", 1),
        ("in_progress", "In progress", "in_progress", 2),
        ("review", "Review", "review", 3),
        ("done", "Done", "done", 4),
        ("cancelled", "Cancelled", "cancelled", 5),
    ]
    assert (shown["initial"], shown["transitions"], shown["version"]) == ("todo", "all", 1)
    assert shown["project"] == str(cast.project.pk)
    assert reply["ETag"] == '"1"'


def test_an_unchanged_workflow_is_not_sent_again(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.viewer).get(_path(cast), headers={"If-None-Match": '"1"'})
    assert reply.status_code == 304


def test_fields_narrow_the_answer(api: Api, cast: Cast) -> None:
    assert api.as_(cast.viewer).get(_path(cast), {"fields": "initial"}).json() == {"initial": "todo"}


def test_a_stranger_finds_no_workflow(api: Api, cast: Cast) -> None:
    assert api.as_(cast.outsider).get(_path(cast)).status_code == 404

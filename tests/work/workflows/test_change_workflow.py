from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast
from workloom.events.queries import log_rows
from workloom.work.workflows.models import Status, Transition

DEFAULT = ["backlog", "todo", "in_progress", "review", "done", "cancelled"]


def _path(cast: Cast) -> str:
    return f"/api/v1/projects/{cast.project.pk}/workflow/"


def _slugs(*names: str) -> list[dict[str, Any]]:
    return [{"slug": name} for name in names]


def _recorded() -> list[str]:
    return list(log_rows().order_by("n").values_list("type", flat=True))


def _change(api: Api, cast: Cast, body: Any, **options: Any) -> Any:
    return api.as_(cast.admin).patch(_path(cast), body, **options)


def test_sending_back_what_was_read_changes_nothing(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    first = admin.get(_path(cast)).json()
    reply = admin.put(_path(cast), first)
    assert reply.status_code == 200
    assert reply.json() == first
    assert _recorded() == []


def test_a_rename_keeps_the_slug_and_is_recorded_once(api: Api, cast: Cast) -> None:
    statuses = _slugs(*DEFAULT)
    statuses[3]["label"] = "Quality check"
    reply = _change(api, cast, {"statuses": statuses})
    assert reply.status_code == 200
    assert reply.json()["statuses"][3]["slug"] == "review"
    assert reply.json()["statuses"][3]["label"] == "Quality check"
    assert reply.json()["version"] == 2
    assert reply["ETag"] == '"2"'
    assert _recorded().count("workflow.updated") == 1


def test_colour_and_name_are_understood_in_their_other_spelling(api: Api, cast: Cast) -> None:
    statuses = [*_slugs(*DEFAULT[:5]), {"slug": "cancelled", "name": "Dropped", "color": "#ABCDEF"}]
    shown = _change(api, cast, {"statuses": statuses}).json()["statuses"][5]
    assert (shown["label"], shown["colour"]) == ("Dropped", "#abcdef")


def test_a_new_status_gets_a_slug_a_colour_and_its_place(api: Api, cast: Cast) -> None:
    new = {"label": "Ready for QA", "category": "review"}
    reply = _change(api, cast, {"statuses": [*_slugs(*DEFAULT[:3]), new, *_slugs(*DEFAULT[3:])]})
    shown = reply.json()["statuses"]
    assert [one["slug"] for one in shown] == [*DEFAULT[:3], "ready_for_qa", *DEFAULT[3:]]
    assert [one["position"] for one in shown] == list(range(7))
    assert shown[3]["colour"] == "#7c3aed"


def test_a_status_without_tasks_goes_without_more_ado(api: Api, cast: Cast) -> None:
    reply = _change(api, cast, {"statuses": _slugs("backlog", "todo", "in_progress", "done", "cancelled")})
    assert reply.status_code == 200
    assert not Status.objects.filter(project=cast.project, slug="review").exists()


def test_the_initial_status_cannot_go_unless_another_one_takes_its_place(api: Api, cast: Cast) -> None:
    rest = _slugs("backlog", "in_progress", "review", "done", "cancelled")
    reply = _change(api, cast, {"statuses": rest})
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["code"] == "initial_removed"
    assert _recorded() == []
    assert _change(api, cast, {"statuses": rest, "initial": "Backlog"}).json()["initial"] == "backlog"


def test_the_successor_of_the_initial_status_becomes_initial(api: Api, cast: Cast) -> None:
    body = {"statuses": _slugs("backlog", "in_progress", "done"), "successors": {"todo": "backlog", "review": "done"}}
    reply = _change(api, cast, body)
    assert reply.status_code == 200
    assert reply.json()["initial"] == "backlog"


@pytest.mark.parametrize(
    ("successors", "field", "code"),
    [
        ({"done": "todo"}, "successors.done", "not_removed"),
        ({"nothing": "todo"}, "successors.nothing", "not_removed"),
        ({"review": "nowhere"}, "successors.review", "unknown_status"),
    ],
)
def test_successors_are_for_statuses_that_go_and_lead_to_those_that_stay(
    api: Api, cast: Cast, successors: dict[str, str], field: str, code: str
) -> None:
    statuses = _slugs("backlog", "todo", "in_progress", "done", "cancelled")
    reply = _change(api, cast, {"statuses": statuses, "successors": successors})
    assert reply.status_code == 400
    assert [(one["field"], one["code"]) for one in reply.json()["errors"]] == [(field, code)]
    assert Status.objects.filter(project=cast.project).count() == 6


def test_moves_are_listed_with_roles_and_guards_and_read_back_as_sent(api: Api, cast: Cast) -> None:
    moves = [
        {"from": "To Do", "to": "in-progress"},
        {"from": "in_progress", "to": "done", "roles": ["Manager", "admin"], "guards": ["assignee-set"]},
    ]
    reply = _change(api, cast, {"transitions": moves})
    assert reply.status_code == 200
    shown = reply.json()["transitions"]
    assert shown == [
        {"from": "todo", "to": "in_progress", "roles": [], "guards": []},
        {"from": "in_progress", "to": "done", "roles": ["manager", "admin"], "guards": ["assignee_set"]},
    ]
    version = reply.json()["version"]
    again = api.as_(cast.admin).put(_path(cast), reply.json())
    assert again.status_code == 200
    assert again.json()["version"] == version
    back = _change(api, cast, {"transitions": "all"}).json()
    assert (back["transitions"], back["version"]) == ("all", version + 1)
    assert not Transition.objects.exists()


def test_no_moves_at_all_is_another_thing_than_all(api: Api, cast: Cast) -> None:
    assert _change(api, cast, {"transitions": []}).json()["transitions"] == []


def test_moves_of_a_status_go_with_it(api: Api, cast: Cast) -> None:
    moves = [{"from": "todo", "to": "review"}, {"from": "todo", "to": "done"}]
    _change(api, cast, {"transitions": moves})
    reply = _change(api, cast, {"statuses": _slugs("backlog", "todo", "in_progress", "done", "cancelled")})
    assert [one["to"] for one in reply.json()["transitions"]] == ["done"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"statuses": []}, "statuses", "min_length"),
        ({"statuses": [{"slug": "todo", "labell": "x"}]}, "statuses.0.labell", "unknown_field"),
        ({"statuses": [{"label": "New"}]}, "statuses.0.category", "required"),
        ({"statuses": [{"slug": "todo", "category": "soon"}]}, "statuses.0.category", "choice"),
        ({"statuses": [{"slug": "todo", "colour": "red"}]}, "statuses.0.colour", "colour"),
        ({"statuses": ["todo"]}, "statuses.0", "not_an_object"),
        ({"initial": "nowhere"}, "initial", "unknown_status"),
        ({"transitions": "some"}, "transitions", "not_a_list"),
        ({"transitions": [{"from": "todo"}]}, "transitions.0.to", "required"),
        ({"transitions": [{"from": "todo", "to": "todo"}]}, "transitions.0", "duplicate"),
        ({"transitions": [{"from": "todo", "to": "gone"}]}, "transitions.0.to", "unknown_status"),
        ({"transitions": [{"from": "todo", "to": "done", "roles": ["king"]}]}, "transitions.0.roles.0", "choice"),
        ({"transitions": [{"from": "todo", "to": "done", "guards": ["luck"]}]}, "transitions.0.guards.0", "choice"),
        ({"successors": {"todo": "done"}}, "successors.todo", "not_removed"),
        ({"colour": "#ffffff"}, "colour", "unknown_field"),
        ({"version": 9}, "version", "read_only"),
    ],
)
def test_what_cannot_be_is_refused_by_its_place(api: Api, cast: Cast, body: Any, field: str, code: str) -> None:
    before = api.as_(cast.admin).get(_path(cast)).json()
    reply = _change(api, cast, body)
    assert reply.status_code == 400
    assert [(one["field"], one["code"]) for one in reply.json()["errors"]] == [(field, code)]
    assert api.as_(cast.admin).get(_path(cast)).json() == before
    assert _recorded() == []


def test_put_needs_the_statuses(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.admin).put(_path(cast), {"initial": "todo"})
    assert [(one["field"], one["code"]) for one in reply.json()["errors"]] == [("statuses", "required")]


def test_a_change_based_on_an_old_version_is_refused_with_the_present_one(api: Api, cast: Cast) -> None:
    _change(api, cast, {"initial": "backlog"})
    reply = _change(api, cast, {"initial": "review"}, headers={"If-Match": '"1"'})
    assert reply.status_code == 412
    assert reply.json()["current"]["initial"] == "backlog"


@pytest.mark.parametrize("part", ["manager", "member", "viewer", "guest"])
def test_only_admins_change_the_workflow(api: Api, cast: Cast, part: str) -> None:
    reply = api.as_(cast.people[part]).patch(_path(cast), {"initial": "done"})
    assert reply.status_code == 403
    assert api.as_(cast.admin).get(_path(cast)).json()["initial"] == "todo"
    assert _recorded() == []


def test_a_stranger_changes_nothing_and_learns_nothing(api: Api, cast: Cast) -> None:
    assert api.as_(cast.outsider).patch(_path(cast), {"initial": "done"}).status_code == 404


def test_a_rehearsal_answers_what_would_be_and_writes_nothing(api: Api, cast: Cast) -> None:
    reply = api.as_(cast.admin).patch(_path(cast) + "?dry_run=true", {"initial": "done"})
    assert reply.json()["initial"] == "done"
    assert api.as_(cast.admin).get(_path(cast)).json()["initial"] == "todo"

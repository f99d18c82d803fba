"""The other tenant's ids in bodies, single and in bulk, under every name of every relation: refused, nothing written."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.rights.other_tenant import far_value, plain, traces, unknown_like
from tests.rights.relations import ADDS_PEOPLE, FORMS, NEW_ID, NOT_LOOKED_UP, fields_of, forms, is_list
from tests.rights.server import Call, changes, snapshot, undone
from tests.rights.table import Row, first_rows, rows
from tests.rights.world import World

FOR_ADMINS = {"projects/{project_id}/placeholders/{user_id=placeholder}/claim/"}
"""Where naming somebody else at all takes an admin."""
Case = tuple[Row, str]
BULK = {"create": "NewTaskIn", "update": "EditTaskIn", "move": "MoveIn"}
NEW_IDS = {
    "NewTaskIn": "task",
    "WorkspaceIn": "workspace",
    "ProjectIn": "project",
    "NewBoardIn": "board",
    "NewLabelIn": "label",
    "NewCategoryIn": "category",
    "NewChecklistIn": "checklist",
    "NewItemIn": "item",
    "NewCommentIn": "comment",
    "ImportIn": "import",
    "NewWebhookIn": "webhook",
}


def test_every_field_of_every_body_is_known() -> None:
    known = {form: {*words.split(), *relations} for form, (words, relations) in FORMS.items()}
    assert {name: set(fields_of(form)) for name, form in forms().items()} == known


def _cases() -> Iterator[Case]:
    """Each row whose form has relations, with each of these."""
    for row in first_rows().values():
        form = row.operation.body
        if form is not None:
            yield from ((row, field) for field in FORMS[form.__name__][1])


def _names(row: Row, field: str) -> list[str]:
    """What a relation is called, by others too."""
    form = row.operation.body
    assert form is not None
    return [field, *(alias for alias, name in form.aliases.items() if name == field)]


CASES = list(_cases())


def _value(world: World, row: Row, field: str) -> Any:
    form = row.operation.body
    assert form is not None
    name = FORMS[form.__name__][1][field]
    far = far_value(world, NEW_IDS[form.__name__] if name == NEW_ID else name)
    return [far] if is_list(form, field) else far


def _call(world: World, row: Row, sent: str, value: Any, actor: str) -> Call:
    usual = row.call(world, actor)
    body = dict(usual.body or {})
    outer, _, inner = sent.partition(".")
    form = row.operation.body
    assert form is not None
    usual_name = form.aliases.get(outer, outer)
    body = {name: one for name, one in body.items() if form.aliases.get(name, name) != usual_name}
    if outer in {"board", "board_id"}:
        body.pop("project", None)
    body[outer] = [{"name": "Third", inner: value}] if inner else value
    return Call(row.method, usual.path, body, is_form=usual.is_form)


def _actor(row: Row, field: str) -> str:
    """Somebody who may do this, and who may not add people where that is the question."""
    name = FORMS[row.operation.body.__name__][1][field] if row.operation.body else ""
    allowed = [actor for actor in ("manager", "owner", "workspace_member") if row.expected[actor] < 300]
    return allowed[0] if name == "person" and "manager" in allowed and row.path not in FOR_ADMINS else "owner"


def _wanted(row: Row, field: str) -> set[int]:
    form = row.operation.body.__name__ if row.operation.body else ""
    if FORMS[form][1][field] == NEW_ID:
        return {409}
    if (form, field) in ADDS_PEOPLE | NOT_LOOKED_UP:
        return {200, 201}
    return {400, 404}


@pytest.mark.parametrize(("row", "field"), CASES, ids=str)
def test_a_relation_cannot_lead_to_the_other_tenant(row: Row, field: str, world: World) -> None:
    value, actor, wanted = _value(world, row, field), _actor(row, field), _wanted(row, field)
    before, answers = snapshot(), []
    for sent in _names(row, field):
        call = _call(world, row, sent, value, actor)
        with undone():
            answer = world.send(actor, call)
            assert answer.status_code in wanted, (actor, str(call), answer.content)
            assert traces(world, answer, call) == [], str(call)
            if answer.status_code >= 400:
                assert changes(before, snapshot()) == [], str(call)
        answers.append(plain(answer, value))
    if wanted == {400, 404}:
        unknown = unknown_like(value)
        again = world.send(actor, _call(world, row, field, unknown, actor))
        assert answers[0] == plain(again, unknown)


def _bulk_cases() -> Iterator[tuple[str, str]]:
    for verb, form in BULK.items():
        yield from ((verb, field) for field in FORMS[form][1])


@pytest.mark.parametrize("atomic", [True, False], ids=["atomic", "single"])
@pytest.mark.parametrize(("verb", "field"), list(_bulk_cases()))
def test_a_bulk_operation_cannot_lead_to_the_other_tenant(verb: str, field: str, atomic: bool, world: World) -> None:  # noqa: FBT001 - a parameter of the test
    row = next(row for row in rows() if row.path == "tasks/bulk/" and verb in str(row))
    name = FORMS[BULK[verb]][1][field]
    value = far_value(world, "task" if name == NEW_ID else name)
    body = world.filled(row.body, "manager")
    operation = {key: one for key, one in body["operations"][0].items() if field != "board" or key != "project"}
    call = Call("POST", row.path, {"atomic": atomic, "operations": [{**operation, field: value}]})
    before = snapshot()
    answer = world.send("manager", call)
    status = answer.status_code if atomic else answer.json()["results"][0]["status"]
    assert status == (409 if name == NEW_ID else 400), answer.content
    assert traces(world, answer, call) == []
    assert changes(before, snapshot()) == []


@pytest.mark.parametrize("verb", ["update", "delete", "move"])
def test_a_bulk_operation_cannot_begin_at_the_other_tenant(verb: str, world: World) -> None:
    row = next(row for row in rows() if row.path == "tasks/bulk/" and verb in str(row))
    before = snapshot()
    for reference in (world.far["task"], world.far["task_key"]):
        for atomic in (True, False):
            operation = {**world.filled(row.body, "manager")["operations"][0], "id": reference}
            call = Call("POST", row.path, {"atomic": atomic, "operations": [operation]})
            answer = world.send("manager", call)
            assert (answer.status_code if atomic else answer.json()["results"][0]["status"]) == 404
            assert traces(world, answer, call) == []
    assert changes(before, snapshot()) == []


def test_one_foreign_id_among_ones_own_writes_nothing(world: World) -> None:
    names, far = world.names, world.far
    task = f"tasks/{names['task']}/"
    mixed = [
        ("PATCH", task, {"labels": [names["label"], far["label"]]}),
        ("PATCH", task, {"title": "Another", "category": far["category"]}),
        ("PATCH", f"{task}assign/", {"assignees": [names["colleague"], far["person"]]}),
        ("POST", "tasks/bulk/", {"atomic": True, "operations": [
            {"op": "update", "id": names["task"], "title": "Another"},
            {"op": "update", "id": far["task"], "title": "Another"},
        ]}),
        ("PATCH", f"boards/{names['board']}/", {"columns": [{"id": names["column"]}, {"id": far["column"]}]}),
    ]  # fmt: skip
    before = snapshot()
    for method, path, body in mixed:
        answer = world.send("manager", Call(method, path, body))
        assert answer.status_code in {400, 404}, (path, body, answer.content)
    assert changes(before, snapshot()) == []

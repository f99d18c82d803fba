from collections import Counter
from functools import partial

import pytest

from tests.cast import make_cast
from tests.races.together import at_once, sender
from workloom.events.queries import log_rows
from workloom.work.labels.models import Category, Label

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CROWD = 8


@pytest.mark.parametrize(("kind", "model"), [("labels", Label), ("categories", Category)])
def test_one_name_is_given_once_in_any_case(kind: str, model: type[Label | Category]) -> None:
    cast = make_cast()
    send = sender(cast.manager)
    names = ["bug" if at % 2 else "BUG" for at in range(CROWD)]
    acts = [partial(send, "POST", f"/api/v1/{kind}/", {"name": n, "project": str(cast.project.pk)}) for n in names]
    replies = at_once(acts)
    assert Counter(reply.status_code for reply in replies) == {201: 1, 400: CROWD - 1}
    refused = [reply.json()["errors"] for reply in replies if reply.status_code == 400]
    assert {(one["field"], one["code"]) for errors in refused for one in errors} == {("name", "name_taken")}
    assert model.objects.count() == 1
    assert log_rows().count() == 1


def test_one_name_is_taken_once_by_renames() -> None:
    cast = make_cast()
    send = sender(cast.manager)
    ids = [
        send("POST", "/api/v1/labels/", {"name": f"n{at}", "project": str(cast.project.pk)}).json()["id"]
        for at in range(CROWD)
    ]
    replies = at_once([partial(send, "PATCH", f"/api/v1/labels/{key}/", {"name": "Same"}) for key in ids])
    assert Counter(reply.status_code for reply in replies) == {200: 1, 400: CROWD - 1}
    assert Label.objects.filter(name="Same").count() == 1


def test_edits_of_different_fields_all_survive_and_each_has_its_version() -> None:
    cast = make_cast()
    send = sender(cast.manager)
    body = {"name": "Bug", "colour": "#000000", "project": str(cast.project.pk)}
    path = send("POST", "/api/v1/labels/", body)["Location"]
    changes = [{"name": "Defect"}, {"colour": "#ffffff"}]
    replies = at_once([partial(send, "PATCH", path, change) for change in changes])
    assert [reply.status_code for reply in replies] == [200, 200]
    label = Label.objects.get()
    assert (label.name, label.colour, label.version) == ("Defect", "#ffffff", 3)


def test_of_edits_of_one_field_one_wins_per_version() -> None:
    cast = make_cast()
    send = sender(cast.manager)
    path = send("POST", "/api/v1/labels/", {"name": "Bug", "project": str(cast.project.pk)})["Location"]
    acts = [partial(send, "PATCH", path, {"name": f"name {at}"}, **{"If-Match": '"1"'}) for at in range(CROWD)]
    assert Counter(reply.status_code for reply in at_once(acts)) == {200: 1, 412: CROWD - 1}
    assert Label.objects.get().version == 2

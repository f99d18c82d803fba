"""What an import could do beyond its importer's role, and to the disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api import Api
from tests.cast import Cast
from tests.outlets.exchange.importing import bring_in
from workloom.outlets.exchange.actions import prepare
from workloom.outlets.exchange.actions.request import MOST_UNDER_WAY
from workloom.outlets.exchange.models import Import
from workloom.outlets.exchange.plan import Label
from workloom.outlets.exchange.sources.drafting import Draft
from workloom.work.tasks.models import Task

IMPORTS = "/api/v1/imports/"


def stored() -> set[Path]:
    folder = Path(settings.DATA_DIR) / "imports"
    return set(folder.iterdir()) if folder.is_dir() else set()


def upload(api: Api, cast: Cast, text: str, query: str = "") -> int:
    file = SimpleUploadedFile("t.csv", text.encode())
    form = {"kind": "csv", "project": str(cast.project.pk), "file": file}
    return int(api.as_(cast.manager).upload(f"{IMPORTS}{query}", form).status_code)


def test_who_does_not_manage_members_puts_words_into_nobodys_mouth(cast: Cast) -> None:
    table = f"title,reporter\nA,{cast.admin.email}\nB,{cast.manager.email}\n"
    bring_in(cast.project, cast.manager, "csv", table.encode())
    reporters = dict(Task.objects.values_list("title", "reporter__is_placeholder"))
    assert reporters == {"A": True, "B": False}


def test_an_admin_may_name_other_members(cast: Cast) -> None:
    bring_in(cast.project, cast.admin, "csv", f"title,reporter\nA,{cast.member.email}\n".encode())
    assert Task.objects.get().reporter == cast.member


def test_a_rehearsed_upload_leaves_no_file(api: Api, cast: Cast) -> None:
    before = stored()
    assert upload(api, cast, "title\nA\n", "?dry_run=true") == 202
    assert (stored(), Import.objects.count()) == (before, 0)
    assert upload(api, cast, "title\nA\n") == 202
    assert upload(api, cast, "title\nA\n", "?dry_run=true") == 202
    assert len(stored() - before) == 1


def test_nobody_fills_the_disk_with_waiting_imports(api: Api, cast: Cast) -> None:
    assert [upload(api, cast, f"title\n{at}\n") for at in range(MOST_UNDER_WAY)] == [202] * MOST_UNDER_WAY
    before = stored()
    assert upload(api, cast, "title\nmore\n") == 429
    assert (stored(), Import.objects.count()) == (before, MOST_UNDER_WAY)


@pytest.mark.parametrize("count", [5000])
def test_many_labels_of_one_name_are_numbered_soon(count: int) -> None:
    draft = Draft("trello")
    for at in range(count):
        draft.add_label(Label(str(at), "Same"))
    names = [label.name for label in draft.labels.values()]
    assert (names[0], names[1], names[-1], len(set(names))) == ("Same", "Same (2)", f"Same ({count})", count)


def test_many_people_labels_and_categories_never_hold_up_others_for_long(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[int] = []
    make = prepare._make_part

    def count(work: Import, part: Sequence[Any], *rest: Any, **named: Any) -> None:
        parts.append(len(part))
        make(work, part, *rest, **named)

    monkeypatch.setattr(prepare, "_make_part", count)
    rows = "".join(f"T{at},Person {at},Label {at},Kind {at}\n" for at in range(60))
    done = bring_in(cast.project, cast.admin, "csv", f"title,assignee,labels,category\n{rows}".encode())
    assert (done.status, (done.receipt or {})["used"]["people"]) == ("done", 60)
    assert parts == [25, 25, 10] * 3
    again = bring_in(cast.project, cast.admin, "csv", f"title,assignee,labels,category\n{rows}x,,,\n".encode())
    assert (again.receipt or {})["written"]["placeholders"] == 0

"""Who only looks at a project does not hold up its tasks."""

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.factories import make_project
from tests.log import recorded
from tests.work.tasks.making import make_task
from workloom.work.links.models import Link


@pytest.mark.parametrize(("kind", "status"), [("blocks", 403), ("blocked_by", 201), ("relates", 201)])
def test_blocking_a_task_needs_the_right_to_edit_it(api: Api, cast: Cast, kind: str, status: int) -> None:
    own = make_task(make_project(cast.viewer), cast.viewer)
    watched = make_task(cast.project, cast.admin)
    body = {"kind": kind, "task": str(watched.pk)}
    assert api.as_(cast.viewer).post(f"/api/v1/tasks/{own.pk}/links/", body).status_code == status
    assert Link.objects.exists() is (status == 201)
    assert bool(recorded("link.added")) is (status == 201)

from datetime import timedelta

from tests.api import Api
from tests.cast import Cast
from tests.log import recorded
from tests.work.tasks.making import make_task
from workloom.core import clock
from workloom.core.models import SearchRow
from workloom.work.projects.actions import purge_old_projects
from workloom.work.projects.models import Project
from workloom.work.tasks.models import Task


def test_thirty_days_after_the_trash_all_of_it_is_gone(api: Api, cast: Cast) -> None:
    parent = make_task(cast.project, cast.admin, "A secret plan")
    make_task(cast.project, cast.admin, "Part of it", parent=parent)
    kept = make_task(cast.far_project, cast.outsider, "Another matter")
    assert api.as_(cast.admin).delete(f"/api/v1/projects/{cast.project.pk}/").status_code == 204
    assert purge_old_projects() == 0
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert purge_old_projects() == 1
    assert not Project.objects.filter(pk=cast.project.pk).exists()
    assert list(Task.objects.values_list("pk", flat=True)) == [kept.pk]
    assert list(SearchRow.objects.values_list("object_id", flat=True)) == [kept.pk]
    assert "secret" not in str(recorded())
    assert recorded()[-1][0] == "project.purged"


def test_what_was_brought_back_stays(api: Api, cast: Cast) -> None:
    admin = api.as_(cast.admin)
    admin.delete(f"/api/v1/projects/{cast.project.pk}/")
    admin.post(f"/api/v1/projects/{cast.project.pk}/restore/")
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert purge_old_projects() == 0
    assert Project.objects.filter(pk=cast.project.pk).exists()

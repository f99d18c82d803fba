"""What has lain in the trash for 30 days goes for good."""

from datetime import timedelta
from uuid import UUID

from workloom.core import seams
from workloom.core.actor import SYSTEM
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.events.erase import erase_texts
from workloom.events.record import record
from workloom.work.projects.events import ProjectPurged
from workloom.work.projects.models import Project

KEPT_FOR = timedelta(days=30)


def purge_old_projects() -> int:
    """Delete for good the projects that were trashed 30 days ago, with all that is in them; returns how many that were."""
    old = Project.objects.filter(trashed_at__lt=now() - KEPT_FOR).order_by("trashed_at")
    return sum(_purge(key) for key in list(old.values_list("pk", flat=True)[:20]))


@write
def _purge(project_id: UUID) -> bool:
    """Delete one project, unless somebody has just brought it back."""
    project = lock(Project.objects.filter(pk=project_id, trashed_at__lt=now() - KEPT_FOR)).first()
    if project is None:
        return False
    seams.call("project_purged", project, actor=SYSTEM)
    erase_texts([project.pk])
    record(ProjectPurged(object_id=project.pk, workspace=project.workspace_id, project=project.pk), actor=SYSTEM)
    project.delete()
    return True

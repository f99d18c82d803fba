"""Finding tasks by id or by key, present or former."""

from django.db.models import Q

from workloom.core.conditions import later
from workloom.core.ids import parse_uuid
from workloom.work.projects.models import FormerKey, Project
from workloom.work.tasks.models import FormerTaskKey
from workloom.work.tasks.rules import parse_key


def refers_to(reference: str) -> Q | None:
    """Return the condition that a task is the one referred to, whoever may see it; None for what is neither id nor key."""
    task_id = parse_uuid(reference)
    if task_id is not None:
        return Q(pk=task_id)
    key = parse_key(reference)
    if key is None:
        return None
    return later(_has_key, key.project, key.number)


def _has_key(project: str, number: int) -> Q:
    renamed = FormerKey.objects.filter(key=project).values("project")
    moved = FormerTaskKey.objects.filter(Q(project__key=project) | Q(project__in=renamed), number=number)
    here = Project.objects.filter(Q(key=project) | Q(pk__in=renamed)).values("pk")
    return Q(project__in=here, number=number) | Q(pk__in=moved.values("task"))

"""Finding tasks by id or by key, present or former."""

from django.db.models import Q

from workloom.core.ids import parse_uuid
from workloom.work.projects.models import FormerKey
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
    renamed = FormerKey.objects.filter(key=key.project).values("project")
    moved = FormerTaskKey.objects.filter(Q(project__key=key.project) | Q(project__in=renamed), number=key.number)
    return (
        Q(project__key=key.project, number=key.number)
        | Q(project__in=renamed, number=key.number)
        | Q(pk__in=moved.values("task"))
    )

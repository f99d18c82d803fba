"""The counters in a project's row: task numbers, never given twice, how many tasks there are, and its version."""

from uuid import UUID

from django.db.models import F, QuerySet

from workloom.core.prepared import Update, prepared, prepared_update
from workloom.work.projects.models import Project


def take_numbers(project: Project, count: int) -> int:
    """Reserve `count` numbers and return the first; the project's row must be locked."""
    [first] = _next_number(project.id)
    _reserve(project.id, count)
    return first


def add_tasks(project: Project, count: int) -> None:
    """Reserve the next numbers for so many new tasks and count them as well; the project's row must be locked."""
    _reserve_counted.hold(project.id, count)


def count_tasks(project: Project, change: int) -> None:
    """Add to the number of live tasks; the project shows it, so its version rises."""
    _count(project.id, change)


def raise_version_of(project: UUID) -> None:
    """Make it the project's next version: of what is decided under its lock, which must be held, something else has changed."""
    _raise_version(project)


@prepared
def _next_number(project: UUID) -> QuerySet[Project, int]:
    return Project.objects.filter(pk=project).values_list("next_number", flat=True)


@prepared_update
def _reserve(project: UUID, count: int) -> Update:
    return Project.objects.filter(pk=project), {"next_number": F("next_number") + count}


@prepared_update
def _reserve_counted(project: UUID, count: int) -> Update:
    counted = {"tasks_count": F("tasks_count") + count, "version": F("version") + 1}
    return Project.objects.filter(pk=project), {"next_number": F("next_number") + count, **counted}


@prepared_update
def _raise_version(project: UUID) -> Update:
    return Project.objects.filter(pk=project), {"version": F("version") + 1}


@prepared_update
def _count(project: UUID, change: int) -> Update:
    return Project.objects.filter(pk=project), {"tasks_count": F("tasks_count") + change, "version": F("version") + 1}

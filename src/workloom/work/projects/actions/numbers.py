"""The counters in a project's row: task numbers, never given twice, and how many tasks there are."""

from django.db.models import F

from workloom.work.projects.models import Project


def take_numbers(project: Project, count: int) -> int:
    """Reserve `count` numbers and return the first; the project's row must be locked."""
    first = Project.objects.values_list("next_number", flat=True).get(pk=project.pk)
    Project.objects.filter(pk=project.pk).update(next_number=first + count)
    return first


def count_tasks(project: Project, change: int) -> None:
    """Add to the number of live tasks; the project shows it, so its version rises."""
    Project.objects.filter(pk=project.pk).update(tasks_count=F("tasks_count") + change, version=F("version") + 1)

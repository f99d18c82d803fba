"""From a project and what changed of it to an event."""

from collections.abc import Mapping
from typing import Any, TypeVar

from workloom.work.projects.events import ProjectEvent
from workloom.work.projects.models import Project

Changes = Mapping[str, tuple[Any, Any]]
E = TypeVar("E", bound=ProjectEvent)


def project_event(kind: type[E], project: Project, changes: Changes) -> E:
    """Make an event at the project's present version."""
    return kind(
        object_id=project.pk,
        key=project.key,
        version=project.version,
        workspace=project.workspace_id,
        project=project.pk,
        changes=changes,
    )

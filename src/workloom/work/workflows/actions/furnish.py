"""Furnishing a project with statuses."""

from collections.abc import Mapping, Sequence
from typing import Any

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.events.record import record
from workloom.work.projects.actions.numbers import raise_version_of
from workloom.work.projects.models import Project
from workloom.work.workflows.events import WorkflowCreated, WorkflowUpdated
from workloom.work.workflows.models import Status, Workflow
from workloom.work.workflows.queries import named, statuses_of
from workloom.work.workflows.rules.statuses import (
    CATEGORY_COLOURS,
    DEFAULT,
    DEFAULT_INITIAL,
    StatusDraft,
    new_slug,
    word_key,
)


@write
def furnish_project(project: Project, *, actor: Actor) -> Workflow:
    """Give a new project the default workflow."""
    statuses = [new_status(project, draft, position, ()) for position, draft in enumerate(DEFAULT)]
    Status.objects.bulk_create(statuses)
    initial = next(status for status in statuses if status.slug == DEFAULT_INITIAL)
    workflow = Workflow.objects.create(project=project, initial=initial, updated_at=now())
    record(
        WorkflowCreated(object_id=workflow.pk, version=1, workspace=project.workspace_id, project=project.pk),
        actor=actor,
    )
    return workflow


@write
def import_statuses(project: Project, drafts: Sequence[StatusDraft], *, actor: Actor) -> list[Status]:
    """Return a status for each draft, in order: the project's own where the name fits, else a new one at the end.

    New ones land in no column: an import makes a board with columns of its own.
    """
    lock(Project.objects.filter(pk=project.pk)).get()
    present = statuses_of(project.pk)
    before = len(present)
    found = []
    for draft in drafts:
        status = named(present, draft.label)
        if status is None:
            status = new_status(project, draft, len(present), {one.slug for one in present})
            present.append(status)
        found.append(status)
    if len(present) > before:
        Status.objects.bulk_create(present[before:])
        slugs = [status.slug for status in present]
        workflow = lock(Workflow.objects.filter(project=project)).get()
        workflow.project = project
        record_change(workflow, {"statuses": (slugs[:before], slugs)}, actor=actor)
    return found


def record_change(workflow: Workflow, changes: Mapping[str, tuple[Any, Any]], *, actor: Actor) -> None:
    """Record what changed of a locked workflow as its next version, and as one of its project: what tasks begin with has changed."""
    raise_version_of(workflow.project_id)
    workflow.version += 1
    workflow.updated_at = now()
    workflow.save(update_fields=["version", "updated_at"])
    event = WorkflowUpdated(
        object_id=workflow.pk,
        version=workflow.version,
        workspace=workflow.project.workspace_id,
        project=workflow.project_id,
        changes=changes,
    )
    record(event, actor=actor)


def new_status(project: Project, draft: StatusDraft, position: int, taken: set[str] | tuple[()]) -> Status:
    """Make a status that is not saved yet."""
    return Status(
        project=project,
        slug=draft.slug or new_slug(draft.label, taken),
        label=draft.label,
        label_key=word_key(draft.label),
        category=draft.category,
        colour=draft.colour or CATEGORY_COLOURS[draft.category],
        position=position,
    )


@write
def drop_workflow(project: Project, *, actor: Actor) -> None:
    """Let go of the statuses of a project that is about to be deleted for good."""
    Workflow.objects.filter(project=project).delete()

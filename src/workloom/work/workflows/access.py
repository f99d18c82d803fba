"""Workflows by the right that you need."""

from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.db import lock as locked
from workloom.people.rights.rules import Right
from workloom.work.projects.access import access_project
from workloom.work.workflows.models import Workflow
from workloom.work.workflows.queries import workflow_of


def access_workflow(actor: Actor, project_id: UUID, right: Right, *, lock: bool = False) -> Workflow:
    """Return the workflow of a project in which the actor holds a right; locked after its project, if at all."""
    project = access_project(actor, project_id, right, lock=lock)
    found = workflow_of(project.pk)
    workflow = (locked(found) if lock else found).get()
    workflow.project = project
    return workflow

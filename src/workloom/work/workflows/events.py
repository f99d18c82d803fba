"""What this room records."""

from typing import ClassVar

from workloom.events.record import Event


class WorkflowCreated(Event):
    """A project got its workflow."""

    type: ClassVar[str] = "workflow.created"
    object_type: ClassVar[str] = "workflow"


class WorkflowUpdated(Event):
    """Statuses, the initial one or moves changed."""

    type: ClassVar[str] = "workflow.updated"
    object_type: ClassVar[str] = "workflow"

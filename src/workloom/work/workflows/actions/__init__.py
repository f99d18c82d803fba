"""What can be done to workflows."""

from workloom.work.workflows.actions.change import WorkflowChange, change_workflow
from workloom.work.workflows.actions.furnish import drop_workflow, furnish_project, import_statuses

__all__ = ["WorkflowChange", "change_workflow", "drop_workflow", "furnish_project", "import_statuses"]

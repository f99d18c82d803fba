"""The receipt: what the file held, what of it was written, what was there already, and each loss by name."""

from typing import Any

import msgspec
from django.db.models import Q

from workloom.outlets.exchange.actions.furnish import Furniture
from workloom.outlets.exchange.models import Import, LedgerEntry, Noun
from workloom.outlets.exchange.plan import Plan
from workloom.work.checklists.models import Checklist, ChecklistItem
from workloom.work.tasks.models import Task


def receipt_of(work: Import, plan: Plan, furniture: Furniture) -> dict[str, Any]:
    """Count what this import made, in the tables themselves: a receipt that only repeats the plan proves nothing."""
    counts = plan.counts()
    made = _made(work)
    report = msgspec.to_builtins(plan.report())
    return {
        "file": {"name": work.file_name, "size": work.file_size, "sha256": work.file_hash},
        "in": counts,
        "written": made,
        "already_there": {noun: counts[noun] - made[noun] for noun in ("tasks", "comments")},
        "used": {
            "board": str(furniture.board.pk),
            "statuses": len({status.pk for status in furniture.statuses.values()}),
            "columns": furniture.board.columns.count(),
            "archived_columns": furniture.board.columns.filter(is_archived=True).count(),
            "labels": len(set(furniture.labels.values())),
            "categories": len(furniture.categories),
            "people": len(set(furniture.people.values())),
        },
        "losses": report["losses"],
        "adjustments": report["adjustments"],
        "problems": report["problems"],
    }


def partial_receipt(work: Import) -> dict[str, Any] | None:
    """Say what an import wrote before it failed; None when that is nothing."""
    return {"written": _made(work)} if LedgerEntry.objects.filter(made_by=work).exists() else None


def _made(work: Import) -> dict[str, int]:
    entries = LedgerEntry.objects.filter(made_by=work)
    tasks = Task.objects.filter(pk__in=entries.filter(noun=Noun.TASK).values("target"))
    return {
        "tasks": tasks.count(),
        "archived_tasks": tasks.filter(is_archived=True).count(),
        "due_dates": tasks.filter(Q(due_date__isnull=False) | Q(due_at__isnull=False)).count(),
        "subtasks": tasks.filter(parent__isnull=False).count(),
        "checklists": Checklist.objects.filter(task__in=tasks).count(),
        "checklist_items": ChecklistItem.objects.filter(checklist__task__in=tasks).count(),
        "comments": entries.filter(noun=Noun.COMMENT).count(),
        "placeholders": entries.filter(noun=Noun.PERSON, is_new=True).count(),
        "people_matched": entries.filter(noun=Noun.PERSON, is_new=False).count(),
    }

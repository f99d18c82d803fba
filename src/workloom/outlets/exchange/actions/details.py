"""What hangs on imported tasks: comments of whoever wrote them, when they did, and checklists."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from workloom.core.ids import uuid7
from workloom.outlets.exchange import plan as planned
from workloom.outlets.exchange.actions.errand import Errand, enter
from workloom.outlets.exchange.models import Noun
from workloom.outlets.exchange.queries import known_targets
from workloom.work.checklists.actions import NewChecklist, NewItem, add_checklists
from workloom.work.comments.actions import NewComment, add_comments
from workloom.work.tasks.models import Task


def write_comments(errand: Errand, tasks: Sequence[planned.Task], targets: Mapping[str, UUID]) -> None:
    """Write the comments that the ledger does not know, on tasks that nobody deleted since."""
    work = errand.work
    wanted = [(comment, targets[task.source_id]) for task in tasks for comment in task.comments]
    known = known_targets(work.project_id, work.kind, Noun.COMMENT, (comment.source_id for comment, _ in wanted))
    fresh = [(comment, target) for comment, target in wanted if comment.source_id not in known]
    if not fresh:
        return
    live = Task.objects.filter(project=work.project_id, trashed_at__isnull=True).select_related("project")
    found = live.in_bulk(list({target for _, target in fresh}))
    ids = {comment.source_id: uuid7() for comment, target in fresh if target in found}
    people, importer = errand.furniture.people, errand.actor.person
    new = [
        NewComment(
            id=ids[comment.source_id],
            task=found[target],
            author=people[comment.author] if comment.author else importer,
            body=comment.body,
            created_at=comment.created_at,
        )
        for comment, target in fresh
        if target in found
    ]
    add_comments(new, actor=errand.actor)
    enter(errand, Noun.COMMENT, ids)


def write_checklists(errand: Errand, tasks: Sequence[planned.Task], made: Sequence[Task]) -> None:
    """Write the checklists of new tasks, which stand in the same order."""
    people = errand.furniture.people
    wanted = [
        NewChecklist(
            task=target,
            name=checklist.name,
            items=[
                NewItem(text=item.text, done=item.is_done, assignee=people[item.assignee] if item.assignee else None)
                for item in checklist.items
            ],
            created_at=target.created_at,
        )
        for task, target in zip(tasks, made, strict=True)
        for checklist in task.checklists
    ]
    if wanted:
        add_checklists(wanted, actor=errand.actor)

"""Reading comments, and finding whom they mention."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from workloom.core.filters import moment_bound, person, reference
from workloom.core.listing import Listing, Order, Projection, Wanted
from workloom.core.markdown import mentions, to_html
from workloom.people.accounts.queries import people, person_rows
from workloom.work.comments.models import Comment, Mention
from workloom.work.comments.rows import CommentRow
from workloom.work.projects.models import Project
from workloom.work.projects.queries import people_in
from workloom.work.tasks.models import Task

SHOWN = Q(deleted_at__isnull=True) | Q(answers_count__gt=0)
"""Live, or keeping its place for answers."""
MOST_MENTIONS = 100


def comments_on(task: Task) -> QuerySet[Comment]:
    """Return the comments that a task shows."""
    return Comment.objects.filter(SHOWN, task=task)


def people_mentioned(project: Project, body: str) -> list[UUID]:
    """Return the people of the project whom a text names, a hundred at most."""
    names = sorted(mentions(body))[:MOST_MENTIONS]
    if not names:
        return []
    named = people().filter(username_key__in=names, is_active=True).order_by("username_key")
    found = list(named.values_list("pk", flat=True))
    inside = people_in(project, found)
    return [user for user in found if user in inside]


def mentions_of(comments: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return whom each comment mentions."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    if comments:
        rows = Mention.objects.filter(comment__in=comments).order_by("pk")
        for comment, user in rows.values_list("comment_id", "user_id"):
            found[comment].append(user)
    return found


def build_comments(lines: Sequence[tuple[Any, ...]], wanted: Wanted) -> list[CommentRow]:
    """Make rows of what the columns read; deleted ones say nothing and name nobody."""
    named = mentions_of([line[0] for line in lines if line[7] is None])
    asked: set[UUID] = {line[2] for line in lines} if "author" in wanted.expand else set()
    if "mentions" in wanted.expand:
        asked |= {user for users in named.values() for user in users}
    briefs = person_rows(asked, wanted) if asked else {}
    authors = briefs if "author" in wanted.expand else {}
    mentioned = briefs if "mentions" in wanted.expand else {}
    return [
        CommentRow(
            id=key,
            task=task,
            author=authors.get(author, author),
            parent=parent,
            body="" if deleted_at else body,
            mentions=[mentioned.get(user, user) for user in named.get(key, ())],
            answers_count=answers,
            is_edited=edited_at is not None,
            edited_at=edited_at,
            is_deleted=deleted_at is not None,
            version=version,
            created_at=created_at,
            updated_at=updated_at,
        )
        for key, task, author, parent, body, answers, edited_at, deleted_at, version, created_at, updated_at in lines
    ]


COMMENTS = Projection(
    CommentRow,
    (
        "pk",
        "task_id",
        "author_id",
        "parent_id",
        "body",
        "answers_count",
        "edited_at",
        "deleted_at",
        "version",
        "created_at",
        "updated_at",
    ),
    build_comments,
    expandable=("author", "mentions"),
    on_request={"body_html": lambda row: to_html(row.body)},
)
LISTING = Listing(
    COMMENTS,
    orders={"created_at": Order("created_at"), "updated_at": Order("updated_at")},
    filters={
        "author": person(lambda user: Q(author=user), help_text="Who wrote it: an id or me."),
        "parent": reference(
            "parent", "A comment's id for its answers, or none for those that answer nothing.", nullable=True
        ),
        "created_before": moment_bound("created_at", "lt"),
        "created_after": moment_bound("created_at", "gt"),
        "updated_before": moment_bound("updated_at", "lt"),
        "updated_after": moment_bound("updated_at", "gt"),
    },
    aliases={"author_id": "author", "parent_id": "parent"},
)

"""What the raw server writes: the task with its people and labels, the number, the event, in one transaction.

It neither enters the task in the search index nor numbers the event: the goals leave the product room for both.
Numbers below zero keep these events from the product's publisher and readers, which run beside it.
"""

from typing import Any
from uuid import uuid4

import msgspec
from psycopg.types.json import Jsonb

from bench.side_by_side.raw import reads, shapes
from workloom.core import rank
from workloom.core.ids import uuid7

TAKE = f"""
    UPDATE projects_project SET next_number = next_number + 1, tasks_count = tasks_count + 1, version = version + 1
    WHERE id = %(project)s AND id IN ({shapes.visible("%(user)s")})
    RETURNING next_number - 1, key, workspace_id,
        (SELECT id FROM boards_board WHERE project_id = %(project)s ORDER BY position, id LIMIT 1),
        (SELECT initial_id FROM workflows_workflow WHERE project_id = %(project)s)"""
LAST = "SELECT rank FROM tasks_task WHERE project_id = %(project)s ORDER BY rank DESC LIMIT 1"
_EVENT = """
    INSERT INTO events_logrow (id, seq, type, occurred_at, actor_id, actor_kind, workspace_id, project_id, subject_id,
        audience, object_type, object_id, object_key, object_version, changes, via, request_id, private, salt,
        commitment, hash)
    SELECT %(event)s, %(seq)s, %(type)s, date_trunc('milliseconds', now()), %(user)s, 'user', {workspace}, {project}, {task},
        'members', 'task', {task}, {key}, {version}, %(changes)s, 'api', '', %(private)s, '', '', ''"""
INSERT = f"""
    WITH task AS (
        INSERT INTO tasks_task (id, project_id, number, board_id, title, description, status_id, status_category,
            priority, reporter_id, rank, is_archived, comments_count, attachments_count, subtasks_count,
            version, created_at, updated_at)
        SELECT %(task)s, %(project)s, %(number)s, %(board)s, %(title)s, %(description)s, s.id, s.category,
            %(priority)s, %(user)s, %(rank)s, false, 0, 0, 0, 1, date_trunc('milliseconds', now()),
            date_trunc('milliseconds', now())
        FROM workflows_status s WHERE s.id = %(status)s),
    worker AS (INSERT INTO tasks_assignment (task_id, user_id) SELECT %(task)s, unnest(%(assignees)s::uuid[])),
    labelled AS (INSERT INTO tasks_tasklabel (task_id, label_id) SELECT %(task)s, unnest(%(labels)s::uuid[])),
    watcher AS (INSERT INTO tasks_watcher (task_id, user_id, is_muted, created_at)
        SELECT %(task)s, u, false, date_trunc('milliseconds', now()) FROM (
            SELECT unnest(%(assignees)s::uuid[]) AS u UNION SELECT %(user)s) who)
    {_EVENT.format(workspace="%(workspace)s", project="%(project)s", task="%(task)s", key="%(key)s", version="1")}"""
MOVE = f"""
    WITH task AS (
        UPDATE tasks_task t SET status_id = s.id, status_category = s.category, version = t.version + 1,
            updated_at = date_trunc('milliseconds', now()),
            started_at = CASE WHEN s.category IN ('in_progress', 'review') AND t.started_at IS NULL
                THEN date_trunc('milliseconds', now()) ELSE t.started_at END,
            completed_at = CASE WHEN s.category <> 'done' THEN NULL WHEN t.status_category = 'done'
                THEN t.completed_at ELSE date_trunc('milliseconds', now()) END
        FROM workflows_status s, projects_project p
        WHERE t.id = %(task)s AND t.trashed_at IS NULL AND p.id = t.project_id AND s.project_id = t.project_id
            AND s.slug = %(status)s AND s.id <> t.status_id AND t.project_id IN ({shapes.visible("%(user)s")})
        RETURNING t.id, t.project_id, t.number, t.version, p.workspace_id, p.key)
    {_EVENT.format(workspace="workspace_id", project="project_id", task="id", key="key || '-' || number", version="version")}
    FROM task"""
_PRIORITIES = {"low": 1, "medium": 2, "high": 3, "urgent": 4}


class NewTask(msgspec.Struct):
    """The body of a new task."""

    title: str
    project: str
    description: str = ""
    priority: str = "medium"
    assignees: list[str] = []
    labels: list[str] = []


class NewStatus(msgspec.Struct):
    """The body of a change of status."""

    status: str


_new_task = msgspec.json.Decoder(NewTask)
_new_status = msgspec.json.Decoder(NewStatus)


def create(connection: Any, user: Any, body: bytes) -> dict[str, Any] | None:
    """Make a task; None where there is no such project."""
    wanted = _new_task.decode(body)
    with connection.transaction(), connection.cursor() as cursor:
        taken = cursor.execute(TAKE, {"user": user, "project": wanted.project}).fetchone()
        if taken is None:
            return None
        number, key, workspace, board, status = taken
        last = cursor.execute(
            LAST, {"project": wanted.project}
        ).fetchone()  # behind the lock: others add at this end too
        task = uuid7()
        values = {"user": user, "task": task, "project": wanted.project, "number": number, "board": board}
        values |= {"title": wanted.title, "description": wanted.description, "status": status}
        values |= {"priority": _PRIORITIES[wanted.priority], "rank": rank.between(last[0] if last else None, None)}
        values |= {"assignees": wanted.assignees, "labels": wanted.labels, "workspace": workspace}
        first = {"priority": [None, wanted.priority], "assignees": [None, wanted.assignees]}
        private = {"actor": "", "changes": {"title": [None, wanted.title]}}
        event = uuid4()
        values |= {"event": event, "seq": -(event.int >> 65), "type": "task.created", "key": f"{key}-{number}"}
        cursor.execute(INSERT, values | {"changes": Jsonb(first), "private": Jsonb(private)})
        return reads.task(cursor, user, str(task))


def change_status(connection: Any, user: Any, reference: str, body: bytes) -> dict[str, Any] | None:
    """Change a status; None where there is no such task."""
    wanted = _new_status.decode(body)
    with connection.transaction(), connection.cursor() as cursor:
        event = uuid4()
        values = {"user": user, "task": reference, "status": wanted.status, "event": event, "seq": -(event.int >> 65)}
        changes = Jsonb({"status": [None, wanted.status]})
        cursor.execute(MOVE, values | {"type": "task.status_changed", "changes": changes, "private": Jsonb({})})
        return reads.task(cursor, user, reference)

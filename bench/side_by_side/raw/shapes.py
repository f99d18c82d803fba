"""SQL that spells rows as the answers do: ids and times as text, nested lists as finished JSON."""


def moment(column: str) -> str:
    """Spell an instant in UTC, as text."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def visible(user: str) -> str:
    """Return the query for the projects whose tasks a person may read."""
    return f"""
        SELECT id FROM projects_project WHERE trashed_at IS NULL AND (
            id IN (SELECT project_id FROM projects_projectmember
                   WHERE user_id = {user} AND role IN ('viewer', 'member', 'manager', 'admin'))
            OR workspace_id IN (SELECT workspace_id FROM workspaces_workspacemember
                                WHERE user_id = {user} AND role IN ('owner', 'admin')))"""


PRIORITY = "(ARRAY['low', 'medium', 'high', 'urgent'])[t.priority]"
OVERDUE = """(t.status_category NOT IN ('done', 'cancelled') AND t.due_date IS NOT NULL AND CASE
    WHEN t.due_at IS NULL THEN t.due_date < (now() AT TIME ZONE p.time_zone)::date ELSE t.due_at < now() END)"""
LABEL_IDS = """(SELECT coalesce(json_agg(l.label_id ORDER BY l.id), '[]')::text
    FROM tasks_tasklabel l WHERE l.task_id = t.id)"""
USER_IDS = """(SELECT coalesce(json_agg(a.user_id ORDER BY a.id), '[]')::text
    FROM tasks_assignment a WHERE a.task_id = t.id)"""
LABELS = """(SELECT coalesce(json_agg(json_build_object('id', b.id, 'name', b.name, 'colour', b.colour) ORDER BY l.id),
    '[]')::text FROM tasks_tasklabel l JOIN labels_label b ON b.id = l.label_id WHERE l.task_id = t.id)"""
USERS = """(SELECT coalesce(json_agg(json_build_object(
    'id', u.id, 'username', u.username, 'name', u.name, 'avatar', NULL) ORDER BY a.id), '[]')::text
    FROM tasks_assignment a JOIN accounts_user u ON u.id = a.user_id WHERE a.task_id = t.id)"""
NESTED = ("labels", "assignees")
JOINS = "JOIN projects_project p ON p.id = t.project_id JOIN workflows_status s ON s.id = t.status_id"
_TASK = {
    "id": "t.id::text",
    "key": "p.key || '-' || t.number",
    "project": "t.project_id::text",
    "board": "t.board_id::text",
    "title": "t.title",
    "description": "t.description",
    "status": "s.slug",
    "status_category": "t.status_category",
    "priority": PRIORITY,
    "category": "t.category_id::text",
    "labels": LABEL_IDS,
    "assignees": USER_IDS,
    "reporter": "t.reporter_id::text",
    "parent": "t.parent_id::text",
    "start_date": "t.start_date::text",
    "due_date": "t.due_date::text",
    "due_at": moment("t.due_at"),
    "estimate": "t.estimate",
    "rank": "t.rank",
    "is_completed": "t.status_category = 'done'",
    "completed_at": moment("t.completed_at"),
    "is_archived": "t.is_archived",
    "trashed_at": moment("t.trashed_at"),
    "sla": "NULL",
    "sla_breached": OVERDUE,
    "comments_count": "t.comments_count",
    "attachments_count": "t.attachments_count",
    "subtasks_count": "t.subtasks_count",
    "version": "t.version",
    "created_at": moment("t.created_at"),
    "updated_at": moment("t.updated_at"),
}
_NOT_ON_CARDS = {
    "project",
    "board",
    "description",
    "status_category",
    "category",
    "reporter",
    "parent",
    "start_date",
    "estimate",
    "completed_at",
    "is_archived",
    "trashed_at",
    "sla",
    "created_at",
    "updated_at",
}
TASK_NAMES = tuple(_TASK)
TASK_COLUMNS = ", ".join(_TASK.values())
EXPANDED_COLUMNS = ", ".join((_TASK | {"labels": LABELS, "assignees": USERS}).values())
_CARD = {name: column for name, column in _TASK.items() if name not in _NOT_ON_CARDS}
CARD_NAMES = tuple(_CARD)
CARD_COLUMNS = ", ".join(_CARD.values())

"""What the raw server answers to questions: one statement where one is enough."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bench.side_by_side.raw import shapes

Row = tuple[Any, ...]
Query = Mapping[str, str]
_SEEN = f"t.project_id IN ({shapes.visible('%(user)s')})"
_LIVE = "t.trashed_at IS NULL"
_LISTED = f"{_LIVE} AND NOT t.is_archived"
ONE = f"SELECT {shapes.TASK_COLUMNS} FROM tasks_task t {shapes.JOINS} WHERE t.id = %(task)s AND {_LIVE} AND {_SEEN}"
_LIST = f"""
    SELECT {{columns}} FROM tasks_task t {shapes.JOINS}
    WHERE t.project_id = %(project)s AND {_LISTED} AND {_SEEN} AND t.status_id = (
        SELECT id FROM workflows_status WHERE project_id = %(project)s AND slug = %(status)s)
    ORDER BY t.created_at DESC, t.id DESC LIMIT 51"""
LIST = _LIST.format(columns=shapes.TASK_COLUMNS)
EXPANDED = _LIST.format(columns=shapes.EXPANDED_COLUMNS)
MINE = f"""
    SELECT {shapes.TASK_COLUMNS} FROM (
        SELECT near.* FROM ({shapes.visible("%(user)s")}) seen CROSS JOIN LATERAL (
            SELECT t.* FROM tasks_task t WHERE t.project_id = seen.id AND {_LISTED}
                AND (t.created_at, t.id) < (%(at)s::timestamptz, %(behind)s::uuid)
            ORDER BY t.created_at DESC, t.id DESC LIMIT 51) near
        ORDER BY near.created_at DESC, near.id DESC LIMIT 51) t {shapes.JOINS}
    ORDER BY t.created_at DESC, t.id DESC"""
SEARCH = f"""
    SELECT f.kind, f.object_id::text, f.subject::text, f.scope::text, p.key || '-' || t.number, t.title, s.slug,
        f.is_open, {shapes.moment("f.updated_at")}, CASE
            WHEN strpos(f.title, ' ' || %(q)s || ' ') > 0 THEN 60
            WHEN strpos(f.title, ' ' || %(q)s) > 0 THEN 50
            WHEN strpos(f.title, %(q)s) > 0 THEN 40
            WHEN strpos(f.body, ' ' || %(q)s || ' ') > 0 THEN 3
            WHEN strpos(f.body, ' ' || %(q)s) > 0 THEN 2 ELSE 1 END AS relevance
    FROM core_searchrow f JOIN tasks_task t ON t.id = f.subject {shapes.JOINS}
    WHERE core_search_inner(f.body) @@ (%(q)s || ':*')::tsquery AND {_LISTED} AND {_SEEN}
    ORDER BY relevance DESC, f.is_open DESC, f.updated_at DESC, f.id DESC LIMIT 21"""
_HIT = ("kind", "id", "task", "project", "key", "title", "status", "is_open", "updated_at")
BOARD = f"""
    SELECT b.id::text, b.project_id::text, b.name, b.position, b.version, {shapes.moment("b.created_at")},
        {shapes.moment("b.updated_at")} FROM boards_board b
    WHERE b.id = %(board)s AND b.project_id IN ({shapes.visible("%(user)s")})"""
COLUMNS = f"""
    SELECT c.id::text, c.name, c.wip_limit, c.is_archived, array_agg(s.slug ORDER BY q.position, q.id),
        (SELECT count(*) FROM tasks_task t WHERE t.board_id = %(board)s AND t.status_id = ANY(array_agg(q.status_id))
            AND {_LISTED})
    FROM boards_column c JOIN boards_columnstatus q ON q.column_id = c.id JOIN workflows_status s ON s.id = q.status_id
    WHERE c.board_id = %(board)s GROUP BY c.id ORDER BY c.position, c.id"""
CARDS = f"""
    SELECT q.column_id::text, {shapes.CARD_COLUMNS} FROM boards_columnstatus q CROSS JOIN LATERAL (
        SELECT * FROM tasks_task t WHERE t.board_id = %(board)s AND t.status_id = q.status_id AND {_LISTED}
        ORDER BY t.rank LIMIT %(window)s) t {shapes.JOINS}
    WHERE q.board_id = %(board)s ORDER BY t.rank"""
EVENTS = f"""
    SELECT e.seq, e.id::text, e.type, {shapes.moment("e.occurred_at")}, json_build_object(
            'id', e.actor_id, 'type', e.actor_kind, 'name', coalesce(e.private ->> 'actor', ''))::text,
        e.workspace_id::text, e.project_id::text, e.subject_id::text, json_build_object(
            'id', e.object_id, 'type', e.object_type, 'key', e.object_key, 'version', e.object_version)::text,
        (e.changes || coalesce(e.private -> 'changes', '{{}}'))::text, json_build_object(
            'request_id', e.request_id, 'via', e.via, 'ip', NULL, 'user_agent', NULL)::text
    FROM events_logrow e
    WHERE e.seq > %(after)s AND e.audience = 'members' AND e.project_id IN ({shapes.visible("%(user)s")})
    ORDER BY e.seq LIMIT %(size)s"""
_EVENT = (
    *("seq", "id", "type", "occurred_at", "actor", "workspace", "project", "subject", "object", "changes", "context"),
)


def named(names: Sequence[str], row: Row, finished: Sequence[str] = ()) -> dict[str, Any]:
    """Put names to values; those that are JSON already are taken as they are."""
    found = dict(zip(names, row, strict=True))
    for name in finished:
        found[name] = msgspec.Raw(found[name].encode())
    return found


def task(cursor: Any, user: Any, reference: str) -> dict[str, Any] | None:
    """Answer one task."""
    row = cursor.execute(ONE, {"user": user, "task": reference}).fetchone()
    return named(shapes.TASK_NAMES, row, shapes.NESTED) if row else None


def tasks(cursor: Any, user: Any, sent: Query) -> dict[str, Any]:
    """Answer a page: of a project and a status, or of everything that is seen, behind a cursor."""
    if "cursor" in sent:
        raw = sent["cursor"]
        _, at, behind, _ = msgspec.json.decode(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
        found = cursor.execute(MINE, {"user": user, "at": at, "behind": behind})
    else:
        parts = {"user": user, "project": sent["project"], "status": sent["status"]}
        found = cursor.execute(EXPANDED if "expand" in sent else LIST, parts)
    rows = [named(shapes.TASK_NAMES, row, shapes.NESTED) for row in found.fetchall()]
    following = f"?after={rows[49]['id']}" if len(rows) > 50 else None
    return {"next": following, "previous": sent.get("cursor"), "results": rows[:50]}


def search(cursor: Any, user: Any, sent: Query) -> dict[str, Any]:
    """Answer the best twenty, the word marked in their titles."""
    word = sent["q"]
    found = cursor.execute(SEARCH, {"user": user, "q": word}).fetchall()
    rows = []
    for row in found[:20]:
        hit = named(_HIT, row[:-1])
        hit |= {"title_highlights": marked(hit["title"], word), "highlights": []}
        rows.append(hit)
    return {"next": "?more" if len(found) > 20 else None, "previous": None, "results": rows}


def marked(text: str, word: str) -> list[dict[str, Any]]:
    """Cut a text where a word stands in it."""
    before, found, after = text.partition(word)
    parts = [(before, False), (found, True), (after, False)]
    return [{"text": part, "hit": hit} for part, hit in parts if part]


def board(cursor: Any, user: Any, reference: str, sent: Query) -> dict[str, Any] | None:
    """Answer a board with the first cards of each column."""
    window, key = int(sent["window"]), {"board": reference}
    row = cursor.execute(BOARD, {"user": user, **key}).fetchone()
    if row is None:
        return None
    columns = cursor.execute(COLUMNS, key).fetchall()
    cards: dict[str, list[dict[str, Any]]] = {column[0]: [] for column in columns}
    for column, *card in cursor.execute(CARDS, {"window": window + 1, **key}).fetchall():
        cards[column].append(named(shapes.CARD_NAMES, tuple(card), shapes.NESTED))
    shown = [
        {
            "id": column,
            "name": name,
            "statuses": statuses,
            "wip_limit": wip_limit,
            "is_archived": is_archived,
            "count": count,
            "over_limit": wip_limit is not None and count > wip_limit,
            "cards": cards[column][:window],
            "next": "?more" if len(cards[column]) > window else None,
        }
        for column, name, wip_limit, is_archived, statuses, count in columns
    ]
    key_, project, name, position, version, created_at, updated_at = row
    whole = {"id": key_, "project": project, "name": name, "position": position, "columns": shown}
    return whole | {"version": version, "created_at": created_at, "updated_at": updated_at}


def events(cursor: Any, user: Any, sent: Query) -> dict[str, Any]:
    """Answer the events behind a number."""
    size = int(sent["page_size"])
    found = cursor.execute(EVENTS, {"user": user, "after": int(sent["after"]), "size": size}).fetchall()
    rows = [named(_EVENT, row, ("actor", "object", "changes", "context")) for row in found]
    return {"results": rows, "next": rows[-1]["seq"] if rows else int(sent["after"])}

"""Every field of every body: plain, or a relation with what stands for it in the other tenant.

A form or a field that is not listed here fails `test_other_tenants_bodies.py`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import serializers

from tests.rights.routes import operations
from workloom.people.accounts.rules.notices import NoticeKind

NEW_ID = "new id"
"""An id of the client's making: one that exists, whoever has it, is a conflict without detail."""
_STATUSES = "statuses.slug statuses.label statuses.category statuses.colour statuses.position"
_MOVES = "transitions.from transitions.to transitions.roles transitions.guards"
_NOTICES = " ".join(
    f"notification_settings.{name}" for name in ("digest_hour", "reminder_hour", "quiet_hours.from", "quiet_hours.to")
)


def _told_by(place: str) -> str:
    return " ".join(f"{place}.{kind}.{channel}" for kind in NoticeKind for channel in ("in_app", "mail"))


FORMS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "RegisterIn": ("email password password_confirm username name", {}),
    "LoginIn": ("email username password cookie", {}),
    "RefreshIn": ("refresh", {}),
    "LogoutIn": ("refresh", {}),
    "ProfileIn": (f"name username bio time_zone locale {_NOTICES} {_told_by('notification_settings.kinds')}", {}),
    "ChangePasswordIn": ("current_password new_password new_password_confirm", {}),
    "TokenIn": ("name scopes expires_at", {"projects": "project"}),
    "PersonIn": ("role is_active", {}),
    "WorkspaceIn": ("name slug", {"id": NEW_ID}),
    "WorkspaceChangeIn": ("name slug", {}),
    "MemberIn": ("email role", {"user": "person"}),
    "MemberRoleIn": ("role", {}),
    "InvitationIn": ("email role", {}),
    "AcceptIn": ("token", {}),
    "ProjectIn": (
        "key name description time_zone is_archived",
        {
            "id": NEW_ID,
            "workspace": "workspace",
            "owner": "person",
            "members": "person",
            "default_assignee": "person",
        },
    ),
    "ProjectChangeIn": (
        "key name description time_zone is_archived",
        {"owner": "person", "members": "person", "default_assignee": "person"},
    ),
    "ProjectMemberIn": ("email role", {"user": "person"}),
    "ProjectRoleIn": ("role", {}),
    "WorkflowIn": (f"{_STATUSES} {_MOVES} initial successors", {}),
    "NewBoardIn": (
        "name position columns.name columns.statuses columns.wip_limit columns.is_archived",
        {"id": NEW_ID, "project": "project", "columns.id": "column"},
    ),
    "EditBoardIn": (
        "name position columns.name columns.statuses columns.wip_limit columns.is_archived",
        {"columns.id": "column"},
    ),
    "NewLabelIn": ("name colour", {"id": NEW_ID, "project": "project", "workspace": "workspace"}),
    "NewCategoryIn": ("name colour", {"id": NEW_ID, "project": "project", "workspace": "workspace"}),
    "EditLabelIn": ("name colour", {}),
    "EditCategoryIn": ("name colour", {}),
    "NewTaskIn": (
        "title description status priority start_date due_date due_at estimate is_completed is_archived",
        {
            "id": NEW_ID,
            "project": "project",
            "board": "board",
            "category": "category",
            "labels": "label",
            "assignees": "person",
            "reporter": "person",
            "parent": "task",
        },
    ),
    "EditTaskIn": (
        "title description status priority start_date due_date due_at estimate is_completed is_archived",
        {
            "project": "project",
            "board": "board",
            "category": "category",
            "labels": "label",
            "assignees": "person",
            "reporter": "person",
            "parent": "task",
        },
    ),
    "AssignIn": ("", {"assignees": "person"}),
    "StatusIn": ("status", {}),
    "MoveIn": ("status", {"column": "column", "after": "task", "before": "task"}),
    "BulkIn": ("operations atomic", {}),
    "WatchIn": ("", {"user": "person"}),
    "NewLinkIn": ("kind", {"task": "task"}),
    "NewChecklistIn": ("name position", {"id": NEW_ID, "after": "checklist"}),
    "EditChecklistIn": ("name position", {"after": "checklist"}),
    "NewItemIn": ("text done position", {"id": NEW_ID, "assignee": "person", "after": "item"}),
    "EditItemIn": ("text done position", {"assignee": "person", "after": "item"}),
    "NewCommentIn": ("body", {"id": NEW_ID, "parent": "comment"}),
    "EditCommentIn": ("body", {}),
    "ImportIn": ("kind file dry_run map", {"id": NEW_ID, "project": "project"}),
    "NotificationIn": ("is_read", {}),
    "ReadAllIn": ("until", {}),
    "PreferenceIn": (_told_by("kinds"), {}),
    "ClaimIn": ("", {"user": "person"}),
    "NewWebhookIn": ("url events is_active", {"id": NEW_ID, "project": "project", "workspace": "workspace"}),
    "EditWebhookIn": ("url events is_active", {}),
    "AgainIn": ("state after_seq until_seq after before", {}),
}
# Who exists for the members of a project: everybody whom an admin adds, by id as by address.
ADDS_PEOPLE = {
    ("MemberIn", "user"),
    ("ProjectMemberIn", "user"),
    ("ProjectIn", "owner"),
    ("ProjectIn", "members"),
    ("ProjectChangeIn", "owner"),
    ("ProjectChangeIn", "members"),
}
# Ids that are kept as they were sent and looked up when they are used: they give nothing, and say nothing.
NOT_LOOKED_UP = {("TokenIn", "projects")}


def fields_of(form: type[serializers.BaseSerializer[Any]]) -> list[str]:
    """The names of a form's fields, those of objects inside with a dot."""
    return list(_named(form()))


def _named(form: Any, before: str = "") -> Iterator[str]:
    for name, field in form.fields.items():
        inner = getattr(field, "child", field)
        if field.read_only:
            continue
        if hasattr(inner, "fields"):
            yield from _named(inner, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def forms() -> dict[str, Any]:
    """Every body of every operation, by the name of its class."""
    bodies = [route.operation(method).body for route, method in operations()]
    return {body.__name__: body for body in bodies if body is not None}


def is_list(form: Any, field: str) -> bool:
    """Tell whether a relation takes several ids."""
    return isinstance(form().fields[field.partition(".")[0]], serializers.ListField) and "." not in field

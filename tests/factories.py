"""The smallest valid people, workspaces and projects, written straight to their tables: a test's log begins empty."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from workloom.core.clock import now
from workloom.core.text import fold
from workloom.people.accounts.models import PersonalToken, Session, SessionKind, User, UserRole
from workloom.people.accounts.rules.sessions import access_lifetime, session_lifetime
from workloom.people.accounts.rules.tokens import (
    ACCESS,
    PERSONAL_PREFIX,
    Claims,
    digest,
    new_jti,
    new_secret,
    signer,
    write_token,
)
from workloom.work.boards.actions.furnish import column_per_status
from workloom.work.boards.models import Board
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.workflows.actions.furnish import new_status
from workloom.work.workflows.models import Status, Workflow
from workloom.work.workflows.rules.statuses import DEFAULT, DEFAULT_INITIAL
from workloom.work.workspaces.models import Workspace, WorkspaceMember
from workloom.work.workspaces.rules import search_key

PASSWORD = "correct horse battery"
_numbers = count(1)


def make_user(username: str = "", *, password: str = "", **fields: Any) -> User:
    """A person who can sign in with `password`, or with no password at all when none is given (hashing takes time)."""
    username = username or f"person{next(_numbers)}"
    email = fields.pop("email", f"{username}@example.org")
    user = User(
        username=username,
        username_key=fold(username),
        email=email,
        email_key=fold(email) if email else None,
        **{"name": username.title(), "is_verified": True, **fields},
    )
    user.note_names()
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save(force_insert=True)
    return user


def make_operator(username: str = "", **fields: Any) -> User:
    """An administrator of the installation."""
    return make_user(username, role=UserRole.ADMIN, **fields)


def make_session(user: User, kind: SessionKind = SessionKind.ROTATING) -> Session:
    """A live session without a refresh token."""
    at = now()
    times = {"created_at": at, "last_seen_at": at, "rotated_at": at, "expires_at": at + session_lifetime()}
    return Session.objects.create(user=user, kind=kind, **times)


def access_token(user: User, session: Session | None = None) -> str:
    """An access token of a session, of a new one when none is given."""
    session = session or make_session(user)
    issued = now()
    claims = Claims(
        ACCESS, user.id, session.id, new_jti(), int(issued.timestamp()), int((issued + access_lifetime()).timestamp())
    )
    return write_token(claims, signer())


def personal_token(
    user: User, *scopes: str, projects: list[UUID] | None = None, expires_at: datetime | None = None
) -> str:
    """The secret of a new personal token; read and write when no scopes are named."""
    secret = new_secret(PERSONAL_PREFIX)
    PersonalToken.objects.create(
        user=user,
        name="script",
        hint=secret[:8],
        secret_hash=digest(secret),
        scopes=list(scopes or ("read", "write")),
        projects=None if projects is None else [str(project) for project in projects],
        created_at=now(),
        expires_at=expires_at,
    )
    return secret


def make_workspace(owner: User, name: str = "", **people: User | Sequence[User]) -> Workspace:
    """A workspace; other people by role: `make_workspace(ann, member=[bob, cid])`."""
    number = next(_numbers)
    name = name or f"Workspace {number}"
    slug = f"workspace-{number}"
    at = now()
    workspace = Workspace.objects.create(
        name=name, slug=slug, search_key=search_key(name, slug), created_at=at, updated_at=at
    )
    add_seats(workspace, owner=owner, **people)
    return workspace


def add_seats(workspace: Workspace, **people: User | Sequence[User]) -> None:
    """Give people roles in a workspace; whoever has one keeps it."""
    seated = set(WorkspaceMember.objects.filter(workspace=workspace).values_list("user_id", flat=True))
    at = now()
    WorkspaceMember.objects.bulk_create(
        WorkspaceMember(workspace=workspace, user=user, role=role, created_at=at)
        for role, user in _each(people)
        if user.pk not in seated
    )


def make_project(
    owner: User, workspace: Workspace | None = None, *, key: str = "", name: str = "", **people: User | Sequence[User]
) -> Project:
    """A furnished project in a workspace of its own or in the one named; other people by role, as in `make_workspace`."""
    workspace = workspace or make_workspace(owner)
    number = next(_numbers)
    key, name = key or f"P{number}", name or f"Project {number}"
    at = now()
    project = Project.objects.create(
        workspace=workspace,
        key=key,
        name=name,
        search_key=search_key(name, key),
        owner=owner,
        created_at=at,
        updated_at=at,
    )
    people = (
        {"admin": owner, **people} if "admin" not in people else {**people, "admin": [owner, *_all(people["admin"])]}
    )
    add_seats(workspace, guest=[user for _, user in _each(people)])
    ProjectMember.objects.bulk_create(
        ProjectMember(project=project, user=user, role=role, created_at=at) for role, user in _each(people)
    )
    furnish(project)
    return project


def furnish(project: Project) -> None:
    """Give a project its default workflow and a board with a column for each status."""
    statuses = [new_status(project, draft, at, ()) for at, draft in enumerate(DEFAULT)]
    Status.objects.bulk_create(statuses)
    initial = next(status for status in statuses if status.slug == DEFAULT_INITIAL)
    Workflow.objects.create(project=project, initial=initial, updated_at=now())
    board = Board.objects.create(project=project, name="Board", search_key="board", created_at=now(), updated_at=now())
    column_per_status(board, statuses)


def _each(people: Mapping[str, User | Sequence[User]]) -> Iterator[tuple[str, User]]:
    for role, users in people.items():
        for user in _all(users):
            yield role, user


def _all(users: User | Sequence[User]) -> Sequence[User]:
    return [users] if isinstance(users, User) else users

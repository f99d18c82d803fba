"""The cast: one person for each role around one project, and a stranger with everything of their own."""

from dataclasses import dataclass

from tests.factories import make_project, make_workspace, personal_token
from workloom.core.clock import now
from workloom.core.text import fold
from workloom.people.accounts.models import User, UserRole
from workloom.work.projects.models import Project
from workloom.work.workspaces.models import Workspace

_PEOPLE = (
    "owner",
    "workspace_admin",
    "workspace_member",
    "admin",
    "manager",
    "member",
    "viewer",
    "guest",
    "outsider",
    "operator",
)


@dataclass(frozen=True)
class Cast:
    """`owner`, `workspace_admin` and `workspace_member` have their roles in `workspace` and are not in `project`.

    `admin` (who owns the project), `manager`, `member`, `viewer` and `guest` have theirs in `project` and are guests of
    the workspace, so that what they may do comes from the project alone. `outsider` owns `far_workspace` and
    `far_project`, of which nobody else knows. `operator` runs the installation and is in nothing.
    """

    workspace: Workspace
    project: Project
    far_workspace: Workspace
    far_project: Project
    owner: User
    workspace_admin: User
    workspace_member: User
    admin: User
    manager: User
    member: User
    viewer: User
    guest: User
    outsider: User
    operator: User

    @property
    def people(self) -> dict[str, User]:
        """Everybody by the name of their part."""
        return {name: getattr(self, name) for name in _PEOPLE}

    def token(self, *scopes: str, of: str = "admin", projects: list[Project] | None = None) -> str:
        """A personal token of somebody, the project's admin unless named, with scopes and limited to projects."""
        return personal_token(
            getattr(self, of), *scopes, projects=None if projects is None else [one.pk for one in projects]
        )


def make_cast() -> Cast:
    """Write the cast to the database in a few statements."""
    people = {name: _person(name) for name in _PEOPLE}
    User.objects.bulk_create(people.values())
    admin, outsider = people["admin"], people["outsider"]
    workspace = make_workspace(
        people["owner"], "Near", admin=people["workspace_admin"], member=people["workspace_member"]
    )
    roles = {name: people[name] for name in ("manager", "member", "viewer", "guest")}
    project = make_project(admin, workspace, key="NEAR", name="Near project", **roles)
    far_workspace = make_workspace(outsider, "Far")
    far_project = make_project(outsider, far_workspace, key="FAR", name="Far project")
    return Cast(workspace, project, far_workspace, far_project, **people)


def _person(name: str) -> User:
    username = name.replace("_", "-")
    email = f"{username}@example.org"
    user = User(
        username=username,
        username_key=fold(username),
        email=email,
        email_key=fold(email),
        name=name.replace("_", " ").title(),
        is_verified=True,
        role=UserRole.ADMIN if name == "operator" else UserRole.USER,
        created_at=now(),
    )
    user.note_names()
    user.set_unusable_password()
    return user

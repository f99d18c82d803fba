"""Two tenants and everybody who may look at them: what all tests of this folder play with."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from tests.cast import Cast, make_cast
from tests.factories import PASSWORD, access_token, add_seats, make_project, make_session, make_user, personal_token
from tests.rights.server import Call, Server
from tests.rights.tenant import Builder, Names, furnish, note_import, note_notification
from workloom.core.clock import now
from workloom.core.text import fold
from workloom.people.accounts.actions.sessions import end_session, open_session
from workloom.people.accounts.models import PersonalToken, SessionKind, User
from workloom.work.projects.actions import ensure_home
from workloom.work.projects.models import ProjectMember
from workloom.work.workflows.rules.statuses import DEFAULT

NEAR, FAR = "near", "quokka"
"""The words in every text of the two tenants; the second stands nowhere else."""
ACTORS = (
    *("visitor", "outsider"),
    *("owner", "workspace_admin", "workspace_member"),
    *("guest", "viewer", "member", "manager", "admin"),
    "operator",
    *("read_token", "write_token", "admin_token"),
    *("token_elsewhere", "expired_token", "ended_session"),
)
"""Tokens and the ended session are the project admin's; the token from elsewhere is limited to another project of theirs."""
ALL_SCOPES = ("read", "write", "admin")


@dataclass
class World:
    """`names` are ids of the near tenant, `far` those of the other one under the same names."""

    server: Server
    cast: Cast
    names: Names
    far: Names
    credentials: dict[str, str]
    own: dict[str, str]

    def send(self, actor: str, call: Call) -> Any:
        """Send a request as one of the actors."""
        return self.server.send(self.credentials[actor], call)

    def filled(self, value: Any, actor: str) -> Any:
        """Put ids in the place of `$names` in a body; `$own` is the actor's."""
        if isinstance(value, dict):
            return {name: self.filled(one, actor) for name, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one, actor) for one in value]
        if isinstance(value, str) and value.startswith("$"):
            return self.named(value[1:], actor)
        return value

    def named(self, name: str, actor: str) -> Any:
        """Look one name up."""
        return self.own.get(actor, self.own["admin"]) if name == "own" else self.names[name]


def build_world() -> World:
    """Write all of it."""
    server, cast = Server(), make_cast()
    _make_far_people_strange(cast)
    colleague = make_user("colleague", password=PASSWORD)
    ProjectMember.objects.create(project=cast.project, user=colleague, role="manager", created_at=now())
    add_seats(cast.workspace, guest=[colleague])
    cast.project.default_assignee = colleague
    cast.project.save(update_fields=["default_assignee"])
    User.objects.filter(pk__in=[user.pk for user in cast.people.values()]).update(password=colleague.password)
    for user in (*cast.people.values(), colleague):
        user.password = colleague.password
        ensure_home(user.as_actor())
    near = _near(server, cast, colleague)
    far = _far(server, cast)
    credentials = {name: access_token(user) for name, user in cast.people.items()}
    credentials |= {"visitor": "", "colleague": access_token(colleague)} | _tokens(cast, near)
    own = {name: str(user.pk) for name, user in cast.people.items()}
    world = World(server, cast, near, far, credentials, own)
    _add_variants(world)
    return world


def _make_far_people_strange(cast: Cast) -> None:
    stranger = cast.outsider
    stranger.username, stranger.name, stranger.email = FAR, f"Mx {FAR}", f"{FAR}@example.org"
    stranger.username_key, stranger.email_key = fold(stranger.username), fold(stranger.email)
    stranger.note_names()
    stranger.save()
    for row in (cast.far_project, cast.far_workspace):
        row.name = row.search_key = f"all of the {FAR}"
    cast.far_project.key = FAR.upper()
    cast.far_workspace.slug = FAR
    cast.far_project.save()
    cast.far_workspace.save()


def _near(server: Server, cast: Cast, colleague: User) -> Names:
    builder = Builder(server, access_token(cast.owner), str(cast.project.pk), str(cast.workspace.pk), NEAR)
    builder.names["colleague"] = str(colleague.pk)
    builder.credential = access_token(cast.owner)
    names = furnish(builder, str(colleague.pk))
    names |= note_import(cast.project, cast.admin, NEAR)
    names |= note_notification(cast.admin, names["task"])
    return names | _accounts(cast.admin)


def _far(server: Server, cast: Cast) -> Names:
    builder = Builder(server, access_token(cast.outsider), str(cast.far_project.pk), str(cast.far_workspace.pk), FAR)
    names = furnish(builder, str(cast.outsider.pk))
    other = make_user(f"{FAR}-friend")
    ProjectMember.objects.create(project=cast.far_project, user=other, role="member", created_at=now())
    add_seats(cast.far_workspace, guest=[other])
    names |= {"colleague": str(other.pk), "person": str(cast.outsider.pk), "guests_task": names["task"]}
    trashed = make_project(cast.outsider, cast.far_workspace, key=f"{FAR[:3].upper()}T", name=f"Thrown {FAR}")
    names["trashed_project"] = builder.trashed("projects/", str(trashed.pk))
    names |= note_notification(cast.outsider, names["task"])
    return names | note_import(cast.far_project, cast.outsider, FAR) | _accounts(cast.outsider)


def _accounts(user: User) -> Names:
    session = make_session(user)
    secret = personal_token(user, "read")
    token = PersonalToken.objects.get(user=user, hint=secret[:8])
    return {"session": str(session.pk), "token": str(token.pk)}


def _tokens(cast: Cast, near: Names) -> dict[str, str]:
    beside = make_project(cast.admin, cast.workspace, key="BESIDE", name="Beside")
    near["beside"] = str(beside.pk)
    ended = make_session(cast.admin)
    found = {f"{scope}_token": cast.token(*ALL_SCOPES[: at + 1]) for at, scope in enumerate(ALL_SCOPES)}
    found["token_elsewhere"] = cast.token(*ALL_SCOPES, projects=[beside])
    found["expired_token"] = personal_token(cast.admin, *ALL_SCOPES, expires_at=now() - timedelta(minutes=1))
    found["ended_session"] = access_token(cast.admin, ended)
    end_session(ended, actor=cast.admin.as_actor())
    for name, user in (("owners", cast.owner), ("operators", cast.operator)):
        for at, scope in enumerate(ALL_SCOPES):
            found[f"{name}_{scope}_token"] = personal_token(user, *ALL_SCOPES[: at + 1])
    return found


def _add_variants(world: World) -> None:
    """What single rows of the tables need beside one of everything."""
    cast, names, server = world.cast, world.names, world.server
    by = world.credentials
    roles = {"manager": cast.manager, "member": cast.member, "viewer": cast.viewer, "guest": cast.guest}
    trashed = make_project(cast.admin, cast.workspace, key="TRASHED", name="Trashed", **roles)
    server.made(by["admin"], f"projects/{trashed.pk}/", method="DELETE")
    colleague = User.objects.get(pk=names["colleague"])
    showcase = make_project(colleague, cast.workspace, key="SHOW", name="Showcase", viewer=[cast.member])
    names |= {"trashed_project": str(trashed.pk), "showcase": str(showcase.pk)}
    builder = replace(Builder(server, by["colleague"], names["project"], names["workspace"], NEAR))
    _tasks_of_others(world, builder)
    for name, path in (("workspace", "workspaces/"), ("newcomer", "")):
        if path:
            names[f"empty_{name}"] = str(server.made(by["owner"], path, {"name": "Empty"})["id"])
    names["newcomer"] = str(make_user("newcomer").pk)
    kept = server.made(by["owner"], f"workspaces/{names['workspace']}/invitations/", {"email": "late@example.org"})
    invited = {"email": cast.workspace_member.email, "role": "viewer"}
    User.objects.filter(pk=cast.workspace_member.pk).update(email_key=None)
    taken = server.made(by["owner"], f"projects/{names['project']}/members/", invited)
    User.objects.filter(pk=cast.workspace_member.pk).update(email_key=cast.workspace_member.email_key)
    names |= {"invitation_token": kept["token"], "own_invitation_token": taken["token"]}
    names |= {"refresh": open_session(colleague, SessionKind.ROTATING).refresh, "password": PASSWORD}
    names["statuses"] = [{"label": draft.label, "category": str(draft.category)} for draft in DEFAULT]
    names["csv"] = b"title\nOne\n"
    names["import_id"] = names["import"]


def _tasks_of_others(world: World, builder: Builder) -> None:
    """Tasks that a member and a guest reported, with what hangs on the guest's."""
    cast, names, by = world.cast, world.names, world.credentials
    names["task_beside"] = replace(builder, credential=by["admin"], project=names["beside"]).task("Beside")
    as_member = replace(builder, credential=by["member"])
    names["members_task"] = as_member.task("Of the member")
    names["members_trashed_task"] = as_member.trashed("tasks/", as_member.task("Thrown by the member"))
    names["members_comment"] = as_member.post(f"tasks/{names['task']}/comments/", body="Said by the member")
    guest = str(cast.guest.pk)
    names["guests_task"] = builder.task("Of the guest", reporter=guest, assignees=[guest], parent=names["task"])
    as_guest = replace(builder, credential=by["guest"])
    names["guests_comment"] = as_guest.post(f"tasks/{names['guests_task']}/comments/", body="Said by the guest")
    names["guests_link"] = builder.post(
        f"tasks/{names['guests_task']}/links/", kind="relates", task=names["other_task"]
    )
    names["guests_checklist"] = builder.post(f"tasks/{names['guests_task']}/checklists/", name="For the guest")
    items = f"checklists/{names['guests_checklist']}/items/"
    names["guests_item"] = builder.post(items, text="For the guest", assignee=guest)

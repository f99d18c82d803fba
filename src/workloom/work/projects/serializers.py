"""Bodies of this room's endpoints."""

from typing import Any, ClassVar

from workloom.core.aliases import with_ids
from workloom.core.http.inputs import Flag, Id, Ids, Input, NewId, Text, Word, Zone
from workloom.people.rights.rules import Role
from workloom.work.projects.rows import ProjectRow
from workloom.work.projects.rules import KEY, NewProject, ProjectChange
from workloom.work.workspaces.serializers import MemberIn, MemberRoleIn

MOST_MEMBERS = 1000


class Key(Text):
    """Two to ten letters and digits, a letter first; any case is taken, upper case kept."""

    default_error_messages = {"key": "A key has 2 to 10 letters (A to Z) and digits and begins with a letter."}

    def to_internal_value(self, data: Any) -> str:
        """Refuse what could not be told from a number or from other words in a text."""
        key = super().to_internal_value(data)
        if not key.isascii() or not KEY.fullmatch(key.upper()):
            self.fail("key")
        return key.upper()


class ProjectIn(Input):
    """A project as it is made."""

    builds = NewProject
    row = ProjectRow
    aliases: ClassVar = {
        **with_ids(
            {name: name for name in ("workspace", "owner", "members", "default_assignee")} | {"member": "members"}
        ),
        "title": "name",
    }

    id = NewId(required=False, help_text="A UUIDv7 of your own making.")
    workspace = Id(required=False, help_text="Your personal workspace when absent.")
    key = Key(
        required=False, help_text="Unique in the workspace, former keys included; made from the name when absent."
    )
    name = Text(max_length=200)
    description = Text(required=False, max_length=100_000, allow_blank=True)
    owner = Id(required=False, help_text="You when absent. The owner is always an admin.")
    members = Ids(required=False, max_length=MOST_MEMBERS, help_text="People by id; new ones get the role member.")
    default_assignee = Id(required=False, allow_null=True, help_text="Who gets tasks that name nobody; a member.")
    time_zone = Zone(required=False, help_text="An IANA name, for shared reports; yours when absent.")
    is_archived = Flag(required=False)


class ProjectChangeIn(Input):
    """What is to be different of a project."""

    builds = ProjectChange
    row = ProjectRow
    aliases: ClassVar = ProjectIn.aliases

    key = Key(required=False, help_text="The old key goes on finding its tasks.")
    name = Text(max_length=200)
    description = Text(required=False, max_length=100_000, allow_blank=True)
    owner = Id(required=False, help_text="Hands the project over; the new owner becomes an admin.")
    members = Ids(required=False, max_length=MOST_MEMBERS, help_text="The whole set. The owner stays in any case.")
    default_assignee = Id(required=False, allow_null=True)
    time_zone = Zone(required=False)
    is_archived = Flag(required=False)


class ProjectMemberIn(MemberIn):
    """A person and their role."""

    role = Word(Role, required=False, help_text="member when absent.")


class ProjectRoleIn(MemberRoleIn):
    """Another role."""

    role = Word(Role)

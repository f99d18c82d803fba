"""Bodies of this room's endpoints."""

from typing import Any, ClassVar

from rest_framework import serializers

from workloom.core.http.inputs import Id, Input, NewId, Text, Word
from workloom.core.text import fold
from workloom.people.accounts.rules.names import LONGEST_EMAIL
from workloom.people.accounts.serializers import Email
from workloom.people.rights.rules import WorkspaceRole
from workloom.work.workspaces.rows import InvitationRow, MemberRow, WorkspaceRow
from workloom.work.workspaces.rules import (
    LONGEST_SLUG,
    Acceptance,
    MemberChange,
    NewInvitation,
    NewMember,
    NewWorkspace,
    WorkspaceChange,
    plain_slug,
)


class Slug(Text):
    """A name for addresses: letters and digits of any script with - between, lower case."""

    default_error_messages: ClassVar = {"slug": "Send letters and digits with - between them, for example night-shift."}

    def to_internal_value(self, data: Any) -> str:
        """Take any case and spaces; refuse what would come out as nothing."""
        text = plain_slug(super().to_internal_value(data))
        if not text or len(text) > LONGEST_SLUG:
            self.fail("slug")
        return text


class Address(Email):
    """An e-mail address that is not too long to be compared without case."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST_EMAIL, **options})

    def to_internal_value(self, data: Any) -> str:
        """Refuse what grows too long when case is folded."""
        text = super().to_internal_value(data)
        if len(fold(text)) > LONGEST_EMAIL:
            self.fail("invalid")
        return text


class WorkspaceIn(Input):
    """A workspace as it is made."""

    builds = NewWorkspace
    row = WorkspaceRow

    id = NewId(required=False, help_text="A UUIDv7 of your own making.")
    name = Text(max_length=200)
    slug = Slug(required=False, max_length=200, help_text="Unique; made from the name when absent.")


class WorkspaceChangeIn(Input):
    """What is to be different of a workspace."""

    builds = WorkspaceChange
    row = WorkspaceRow

    name = Text(max_length=200)
    slug = Slug(required=False, max_length=200)


class MemberIn(Input):
    """A person and their role in a workspace."""

    builds = NewMember
    aliases: ClassVar = {"user_id": "user"}

    user = Id(required=False, help_text="Also as user_id.")
    email = Address(required=False, help_text="An address without an account gets an invitation.")
    role = Word(WorkspaceRole, required=False, help_text="member when absent.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Demand that the person is named by id or by address, not by both."""
        if ("user" in attrs) == ("email" in attrs):
            raise serializers.ValidationError({"user_id": "Send user_id or email, one of them."}, code="required")
        return attrs


class MemberRoleIn(Input):
    """Another role."""

    builds = MemberChange
    row = MemberRow

    role = Word(WorkspaceRole)


class InvitationIn(Input):
    """Whom to invite to a workspace."""

    builds = NewInvitation
    row = InvitationRow

    email = Address()
    role = Word(WorkspaceRole, required=False, help_text="member when absent.")


class AcceptIn(Input):
    """The secret of an invitation."""

    builds = Acceptance

    token = Text(max_length=200)

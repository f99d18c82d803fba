"""The doors to who is in a workspace, and who is invited."""

from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.people.rights.rules import Right, demand_personal
from workloom.work.workspaces.access import (
    access_invitation,
    access_member,
    access_members,
    access_seen_member,
    access_workspace,
    demand_over,
)
from workloom.work.workspaces.actions import (
    accept_invitation,
    add_workspace_member,
    change_workspace_role,
    invite_person,
    remove_workspace_member,
    withdraw_invitation,
)
from workloom.work.workspaces.models import Workspace, WorkspaceMember
from workloom.work.workspaces.queries import (
    INVITATION,
    INVITATIONS,
    MEMBER,
    MEMBERS,
    accepted_row,
    invitations_to,
    named_person,
)
from workloom.work.workspaces.rows import InvitationRow, MemberRow
from workloom.work.workspaces.rules import NewInvitation
from workloom.work.workspaces.serializers import AcceptIn, InvitationIn, MemberIn, MemberRoleIn


class InvitingEndpoint(Endpoint):
    """Where an answer can carry the secret of a new invitation."""

    def invite(self, workspace: Workspace, wanted: NewInvitation) -> HttpResponse:
        """Invite, and show the secret this once."""
        issued = invite_person(workspace, wanted, actor=self.actor)
        key = issued.invitation.pk
        row = INVITATION.one(invitations_to(workspace.pk).filter(pk=key), Wanted(self.actor))
        location = reverse("workspace-invitation", args=[workspace.pk, key])
        return self.reply(msgspec.structs.replace(row, token=issued.token), status=201, location=location)


class WorkspaceMembersEndpoint(InvitingEndpoint):
    """Everybody in a workspace."""

    @operation("List a workspace's members", listing=MEMBERS, reply=MemberRow, errors=(404,))
    def get(self, request: Request, workspace_id: UUID) -> HttpResponse:
        """Answers the people of the workspace with their roles; a guest sees those with whom they share a project."""
        return self.page(MEMBERS, access_members(self.actor, workspace_id))

    @operation("Add a member to a workspace", body=MemberIn, shows=MEMBER, status=201, errors=(403, 404))
    def post(self, request: Request, workspace_id: UUID) -> HttpResponse:
        """Gives a person a role: 201; whoever has one keeps it: 200. Only owners make owners.

        An address without an account gets an invitation, whose `token` is shown in this answer only: pass it on.
        """
        workspace = access_workspace(self.actor, workspace_id, Right.WORKSPACE_MEMBER_MANAGE, lock=True)
        wanted = self.parse(MemberIn)
        demand_over(self.actor, workspace, wanted.role)
        person = named_person(workspace.pk, wanted)
        if person is None:
            return self.invite(workspace, NewInvitation(email=wanted.email, role=wanted.role))
        member, is_new = add_workspace_member(workspace, person, wanted.role, actor=self.actor)
        status, location = (201, reverse("workspace-member", args=[workspace.pk, person])) if is_new else (200, "")
        return self.show(MEMBER, member, status=status, location=location)


class WorkspaceMemberEndpoint(Endpoint):
    """One person in a workspace."""

    @operation("Read a member of a workspace", shows=MEMBER, errors=(404,))
    def get(self, request: Request, workspace_id: UUID, user_id: UUID) -> HttpResponse:
        """Answers the role that one person has in the workspace."""
        return self.show(MEMBER, access_seen_member(self.actor, workspace_id, user_id))

    @operation(
        "Change a member's workspace role",
        body=MemberRoleIn,
        reply=MemberRow,
        is_shaped=True,
        errors=(403, 404, 409, 412),
    )
    def patch(self, request: Request, workspace_id: UUID, user_id: UUID) -> HttpResponse:
        """Changes the role. Only owners make or change owners, and the last one stays one."""
        return self._change(workspace_id, user_id)

    @operation("Set a member's workspace role", body=MemberRoleIn, shows=MEMBER, errors=(403, 404, 409, 412))
    def put(self, request: Request, workspace_id: UUID, user_id: UUID) -> HttpResponse:
        """As PATCH, but `role` must be sent."""
        return self._change(workspace_id, user_id)

    @operation("Remove a member from a workspace", status=204, errors=(403, 404, 409, 412))
    def delete(self, request: Request, workspace_id: UUID, user_id: UUID) -> HttpResponse:
        """Takes a person out of the workspace and its projects; who owns one hands it over first. Anybody may leave."""
        member = access_member(self.actor, workspace_id, user_id, Right.WORKSPACE_LEAVE)
        self.guard(member.version, lambda: self._row(member))
        remove_workspace_member(member.workspace, member, actor=self.actor)
        return self.done()

    def _change(self, workspace_id: UUID, user_id: UUID) -> HttpResponse:
        member = access_member(self.actor, workspace_id, user_id, Right.WORKSPACE_MEMBER_MANAGE)
        wanted = self.parse(MemberRoleIn, current=lambda: self._row(member))
        self.guard(member.version, lambda: self._row(member))
        if wanted.role is not msgspec.UNSET:
            demand_over(self.actor, member.workspace, wanted.role)
            change_workspace_role(member.workspace, member, wanted.role, actor=self.actor)
        return self.show(MEMBER, member)

    def _row(self, member: WorkspaceMember) -> MemberRow:
        return MEMBER.one(WorkspaceMember.objects.filter(pk=member.pk), Wanted(self.actor))


class InvitationsEndpoint(InvitingEndpoint):
    """Places kept in a workspace and its projects."""

    @operation("List invitations", listing=INVITATIONS, reply=InvitationRow, errors=(403, 404))
    def get(self, request: Request, workspace_id: UUID) -> HttpResponse:
        """Answers the open invitations to the workspace and its projects, without their secrets."""
        workspace = access_workspace(self.actor, workspace_id, Right.WORKSPACE_MEMBER_MANAGE)
        return self.page(INVITATIONS, invitations_to(workspace.pk))

    @operation("Invite an address", body=InvitationIn, reply=InvitationRow, status=201, errors=(403, 404))
    def post(self, request: Request, workspace_id: UUID) -> HttpResponse:
        """Keeps a place for an address for 30 days. `token` is shown in this answer only: pass it on.

        Whoever registers with that address takes the place with `workspaces/invitations/accept/`. Invited again, an
        address gets a new token and the old one dies.
        """
        workspace = access_workspace(self.actor, workspace_id, Right.WORKSPACE_MEMBER_MANAGE, lock=True)
        wanted = self.parse(InvitationIn)
        demand_over(self.actor, workspace, wanted.role)
        return self.invite(workspace, wanted)


class InvitationEndpoint(Endpoint):
    """One place kept."""

    @operation("Read an invitation", shows=INVITATION, errors=(403, 404))
    def get(self, request: Request, workspace_id: UUID, invitation_id: UUID) -> HttpResponse:
        """Answers one open invitation, without its secret."""
        invitation = access_invitation(self.actor, workspace_id, invitation_id)
        return self.show(INVITATION, invitations_to(workspace_id).filter(pk=invitation.pk))

    @operation("Withdraw an invitation", status=204, errors=(403, 404))
    def delete(self, request: Request, workspace_id: UUID, invitation_id: UUID) -> HttpResponse:
        """Makes the invitation's secret worthless."""
        withdraw_invitation(access_invitation(self.actor, workspace_id, invitation_id, lock=True), actor=self.actor)
        return self.done()


class AcceptEndpoint(Endpoint):
    """Where places are taken."""

    @operation("Accept an invitation", body=AcceptIn, reply=InvitationRow, errors=(403, 404))
    def post(self, request: Request) -> HttpResponse:
        """Takes the place that the token names, for who is signed in with the address invited.

        Knowing the address is not enough, since nobody proves it at registration; knowing the token is not either.
        """
        demand_personal(self.actor, Right.ACCOUNT_EDIT)
        invitation = accept_invitation(self.parse(AcceptIn).token, actor=self.actor)
        return self.reply(accepted_row(invitation))

"""The doors to who is in a project."""

from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.people.rights.rules import Right
from workloom.work.projects.access import access_member, access_project, access_project_invitation
from workloom.work.projects.actions import add_member, change_role, remove_member
from workloom.work.projects.models import Project
from workloom.work.projects.queries import MEMBERS, members_of
from workloom.work.projects.serializers import ProjectMemberIn, ProjectRoleIn
from workloom.work.workspaces.actions import invite_person, withdraw_invitation
from workloom.work.workspaces.queries import INVITATION, INVITATIONS, MEMBER, invitations_to, named_person
from workloom.work.workspaces.rows import InvitationRow, MemberRow
from workloom.work.workspaces.rules import NewInvitation, NewMember


class MembersEndpoint(Endpoint):
    """Everybody in a project."""

    @operation("List a project's members", listing=MEMBERS, reply=MemberRow, errors=(404,))
    def get(self, request: Request, project_id: UUID) -> HttpResponse:
        """Answers the people of the project with their roles; `expand=user` shows who they are."""
        project = access_project(self.actor, project_id, Right.PROJECT_READ)
        return self.page(MEMBERS, members_of(project.pk))

    @operation("Add a member to a project", body=ProjectMemberIn, shows=MEMBER, status=201, errors=(403, 404))
    def post(self, request: Request, project_id: UUID) -> HttpResponse:
        """Gives a person a role: 201; whoever is a member already keeps theirs: 200.

        Somebody from outside becomes a guest of the workspace. An address without an account gets an invitation, whose
        `token` is shown in this answer only: pass it on.
        """
        project = access_project(self.actor, project_id, Right.MEMBER_MANAGE, lock=True)
        wanted = self.parse(ProjectMemberIn)
        person = named_person(project.workspace_id, wanted)
        if person is None:
            return self._invite(project, wanted)
        _, is_new = add_member(project, person, wanted.role, actor=self.actor)
        status, location = (201, reverse("project-member", args=[project.pk, person])) if is_new else (200, "")
        found = members_of(project.pk).filter(user=person)
        return self.show(MEMBER, found, status=status, location=location)

    def _invite(self, project: Project, wanted: NewMember) -> HttpResponse:
        invitation = NewInvitation(email=str(wanted.email), role=wanted.role)
        issued = invite_person(project.workspace, invitation, actor=self.actor, project=project.pk)
        location = reverse("project-invitation", args=[project.pk, issued.invitation.pk])
        row = INVITATION.one(invitations_to(project.workspace_id).filter(pk=issued.invitation.pk), Wanted(self.actor))
        return self.reply(msgspec.structs.replace(row, token=issued.token), status=201, location=location)


class MemberEndpoint(Endpoint):
    """One person in a project."""

    @operation("Read a member of a project", shows=MEMBER, errors=(404,))
    def get(self, request: Request, project_id: UUID, user_id: UUID) -> HttpResponse:
        """Answers the role that one person has in the project."""
        member = access_member(self.actor, project_id, user_id, Right.PROJECT_READ)
        return self.show(MEMBER, members_of(project_id).filter(pk=member.pk))

    @operation("Change a member's role", body=ProjectRoleIn, shows=MEMBER, errors=(403, 404, 409, 412))
    def patch(self, request: Request, project_id: UUID, user_id: UUID) -> HttpResponse:
        """Changes the role. The owner is always an admin: hand the project over first."""
        return self._change(project_id, user_id)

    @operation("Set a member's role", body=ProjectRoleIn, shows=MEMBER, errors=(403, 404, 409, 412))
    def put(self, request: Request, project_id: UUID, user_id: UUID) -> HttpResponse:
        """As PATCH, but `role` must be sent."""
        return self._change(project_id, user_id)

    @operation("Remove a member from a project", status=204, errors=(403, 404, 409, 412))
    def delete(self, request: Request, project_id: UUID, user_id: UUID) -> HttpResponse:
        """Takes a person out of the project; everybody may leave by themselves, except the owner."""
        member = access_member(self.actor, project_id, user_id, Right.PROJECT_LEAVE, lock=True)
        self.guard(member.version, lambda: self._row(project_id, user_id))
        remove_member(member.project, member, actor=self.actor)
        return self.done()

    def _change(self, project_id: UUID, user_id: UUID) -> HttpResponse:
        member = access_member(self.actor, project_id, user_id, Right.MEMBER_MANAGE, lock=True)
        wanted = self.parse(ProjectRoleIn, current=lambda: self._row(project_id, user_id))
        self.guard(member.version, lambda: self._row(project_id, user_id))
        if wanted.role is not msgspec.UNSET:
            change_role(member.project, member, wanted.role, actor=self.actor)
        return self.show(MEMBER, members_of(project_id).filter(pk=member.pk))

    def _row(self, project_id: UUID, user_id: UUID) -> MemberRow:
        return MEMBER.one(members_of(project_id).filter(user=user_id), Wanted(self.actor))


class ProjectInvitationsEndpoint(Endpoint):
    """Places kept in a project."""

    @operation("List a project's invitations", listing=INVITATIONS, reply=InvitationRow, errors=(403, 404))
    def get(self, request: Request, project_id: UUID) -> HttpResponse:
        """Answers the open invitations to the project, without their secrets. POST to `members/` makes them."""
        project = access_project(self.actor, project_id, Right.MEMBER_MANAGE)
        return self.page(INVITATIONS, invitations_to(project.workspace_id).filter(project_id=project.pk))


class ProjectInvitationEndpoint(Endpoint):
    """One place kept in a project."""

    @operation("Read an invitation to a project", shows=INVITATION, errors=(403, 404))
    def get(self, request: Request, project_id: UUID, invitation_id: UUID) -> HttpResponse:
        """Answers one open invitation, without its secret."""
        found = access_project_invitation(self.actor, project_id, invitation_id)
        return self.show(INVITATION, invitations_to(found.workspace_id).filter(pk=found.pk))

    @operation("Withdraw an invitation to a project", status=204, errors=(403, 404))
    def delete(self, request: Request, project_id: UUID, invitation_id: UUID) -> HttpResponse:
        """Makes the invitation's secret worthless."""
        withdraw_invitation(
            access_project_invitation(self.actor, project_id, invitation_id, lock=True), actor=self.actor
        )
        return self.done()

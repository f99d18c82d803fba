from django.urls import path

from workloom.work.workspaces.views import members, workspaces

urlpatterns = [
    path("workspaces/", workspaces.WorkspacesEndpoint.as_view(), name="workspaces"),
    path("workspaces/invitations/accept/", members.AcceptEndpoint.as_view(), name="invitation-accept"),
    path("workspaces/<uuid:workspace_id>/", workspaces.WorkspaceEndpoint.as_view(), name="workspace"),
    path(
        "workspaces/<uuid:workspace_id>/members/",
        members.WorkspaceMembersEndpoint.as_view(),
        name="workspace-members",
    ),
    path(
        "workspaces/<uuid:workspace_id>/members/<uuid:user_id>/",
        members.WorkspaceMemberEndpoint.as_view(),
        name="workspace-member",
    ),
    path(
        "workspaces/<uuid:workspace_id>/invitations/",
        members.InvitationsEndpoint.as_view(),
        name="workspace-invitations",
    ),
    path(
        "workspaces/<uuid:workspace_id>/invitations/<uuid:invitation_id>/",
        members.InvitationEndpoint.as_view(),
        name="workspace-invitation",
    ),
]

from django.urls import path

from workloom.work.workspaces import member_views, views

urlpatterns = [
    path("workspaces/", views.WorkspacesEndpoint.as_view(), name="workspaces"),
    path("workspaces/invitations/accept/", member_views.AcceptEndpoint.as_view(), name="invitation-accept"),
    path("workspaces/<uuid:workspace_id>/", views.WorkspaceEndpoint.as_view(), name="workspace"),
    path(
        "workspaces/<uuid:workspace_id>/members/",
        member_views.WorkspaceMembersEndpoint.as_view(),
        name="workspace-members",
    ),
    path(
        "workspaces/<uuid:workspace_id>/members/<uuid:user_id>/",
        member_views.WorkspaceMemberEndpoint.as_view(),
        name="workspace-member",
    ),
    path(
        "workspaces/<uuid:workspace_id>/invitations/",
        member_views.InvitationsEndpoint.as_view(),
        name="workspace-invitations",
    ),
    path(
        "workspaces/<uuid:workspace_id>/invitations/<uuid:invitation_id>/",
        member_views.InvitationEndpoint.as_view(),
        name="workspace-invitation",
    ),
]

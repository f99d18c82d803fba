from django.urls import path

from workloom.work.projects import member_views, views

urlpatterns = [
    path("projects/", views.ProjectsEndpoint.as_view(), name="projects"),
    path("projects/<uuid:project_id>/", views.ProjectEndpoint.as_view(), name="project"),
    path("projects/<uuid:project_id>/restore/", views.RestoreEndpoint.as_view(), name="project-restore"),
    path("projects/<uuid:project_id>/members/", member_views.MembersEndpoint.as_view(), name="project-members"),
    path(
        "projects/<uuid:project_id>/members/<uuid:user_id>/",
        member_views.MemberEndpoint.as_view(),
        name="project-member",
    ),
    path(
        "projects/<uuid:project_id>/invitations/",
        member_views.ProjectInvitationsEndpoint.as_view(),
        name="project-invitations",
    ),
    path(
        "projects/<uuid:project_id>/invitations/<uuid:invitation_id>/",
        member_views.ProjectInvitationEndpoint.as_view(),
        name="project-invitation",
    ),
]

from django.urls import path

from workloom.work.projects.views import members, projects

urlpatterns = [
    path("projects/", projects.ProjectsEndpoint.as_view(), name="projects"),
    path("projects/<uuid:project_id>/", projects.ProjectEndpoint.as_view(), name="project"),
    path("projects/<uuid:project_id>/restore/", projects.RestoreEndpoint.as_view(), name="project-restore"),
    path("projects/<uuid:project_id>/members/", members.MembersEndpoint.as_view(), name="project-members"),
    path(
        "projects/<uuid:project_id>/members/<uuid:user_id>/",
        members.MemberEndpoint.as_view(),
        name="project-member",
    ),
    path(
        "projects/<uuid:project_id>/invitations/",
        members.ProjectInvitationsEndpoint.as_view(),
        name="project-invitations",
    ),
    path(
        "projects/<uuid:project_id>/invitations/<uuid:invitation_id>/",
        members.ProjectInvitationEndpoint.as_view(),
        name="project-invitation",
    ),
]
